"""Whether an invitation can still be accepted, or sent again."""

from theatre.rules.refusals import Refused


class InvitationUnknown(Refused):
    """There is no such invitation, or its link was replaced by a newer letter's."""

    code = "invitation_unknown"


class InvitationUsed(Refused):
    """The invitation was accepted."""

    code = "invitation_used"


class InvitationRevoked(Refused):
    """The invitation was taken back."""

    code = "invitation_revoked"


class InvitationOver(Refused):
    """The invitation's days are over."""

    code = "invitation_over"


def unknown() -> InvitationUnknown:
    """Nothing is behind this link."""
    return InvitationUnknown(
        "This link opens nothing. If your invitation was sent again, use the link in the newest email"
    )


def check_not_ended(*, used: bool, revoked: bool) -> None:
    """Silence for an invitation that can be sent again or taken back; else InvitationUsed or InvitationRevoked."""
    if used:
        raise InvitationUsed("This invitation has been accepted. Sign in with the password chosen then")
    if revoked:
        raise InvitationRevoked("This invitation was taken back. Ask whoever sent it")


def check_acceptable(*, used: bool, revoked: bool, over: bool) -> None:
    """Silence for an invitation that can be accepted now; else InvitationUsed, InvitationRevoked or InvitationOver."""
    check_not_ended(used=used, revoked=revoked)
    if over:
        raise InvitationOver("This invitation is over. Ask whoever sent it to send it again")
