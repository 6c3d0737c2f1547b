"""Staff by invitation: sent, sent again, taken back, accepted; and who works here as what."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from tests import people
from tests.actions.said import refusal
from tests.races.stage import at_once
from theatre.access import NotAllowed
from theatre.actions.people import invitations, staff
from theatre.models import ApiToken, AuditEntry, Employee, Invitation, Letter, User
from theatre.rules.roles import Role

pytestmark = pytest.mark.django_db

EMAIL = "noor@example.org"
STAFF = ["salesman", "moderator", "admin"]


def invited(*, role="salesman", email=EMAIL, by=None) -> tuple[Invitation, str]:
    """An invitation by an admin, and the secret in its letter."""
    by = by or people.actor_for(people.admin())
    number = invitations.invite(by=by, email=email, role=role, full_name="Noor")
    return Invitation.objects.get(pk=number), secret_of(email)


def secret_of(email: str = EMAIL) -> str:
    return Letter.objects.filter(kind="invitation", to=email).latest("pk").data["code"]


def accept(secret: str, name: str = "Noor Rahman") -> int:
    return invitations.accept(secret=secret, full_name=name, hashed_password=make_password(people.PASSWORD))


def over(invitation: Invitation) -> None:
    past = Now() - timedelta(days=9)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=past, expires_at=past + timedelta(days=7))


@pytest.mark.parametrize("role", STAFF)
def test_an_invitation_opens_an_account_in_its_role_with_the_address_confirmed(role):
    invitation, secret = invited(role=role)

    user = User.objects.get(pk=accept(secret))

    assert (user.email, user.role, user.full_name, user.is_active) == (EMAIL, role, "Noor Rahman", True)
    assert user.confirmed_at
    assert check_password(people.PASSWORD, user.password)
    assert Employee.objects.get(user=user).status == "active"
    invitation.refresh_from_db()
    assert (invitation.user, invitation.used_at is not None) == (user, True)
    entry = AuditEntry.objects.get(verb="accept_invitation")
    assert (entry.actor, entry.details["role"]) == (user, role)


def test_only_the_hash_of_the_link_is_kept_with_the_invitation():
    invitation, secret = invited()

    assert len(secret) == 43
    assert secret.encode() not in bytes(invitation.digest)
    assert len(bytes(invitation.digest)) == 32


@pytest.mark.parametrize("make", [people.customer, people.salesman, people.moderator])
def test_only_admins_invite(make):
    by = people.actor_for(make())
    invitation, _ = invited()

    for deed in (
        lambda: invitations.invite(by=by, email="x@example.org", role="salesman"),
        lambda: invitations.resend(by=by, invitation_id=invitation.pk),
        lambda: invitations.revoke(by=by, invitation_id=invitation.pk),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert Letter.objects.filter(kind="invitation").count() == 1


def test_an_admin_without_the_second_factor_invites_nobody():
    with pytest.raises(NotAllowed):
        invited(by=people.actor_for(people.admin(), second_factor=False))


@pytest.mark.parametrize("role", ["customer", "owner", "", "ADMIN"])
def test_nobody_is_invited_as_anything_but_staff(role):
    assert refusal(lambda: invited(role=role)).code == "role_not_offered"


def test_a_customers_address_is_refused_to_the_admin():
    people.customer(email="Noor@Example.org")

    no = refusal(invited)

    assert (no.code, no.field) == ("address_is_a_customers", "email")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("status", ["active", "removed"])
def test_somebody_who_works_here_or_did_is_not_invited(status):
    people.salesman(email=EMAIL, status=status)

    assert refusal(invited).code == "address_is_staffs"


def test_an_address_has_one_open_invitation():
    invited()

    assert refusal(lambda: invited(email="NOOR@example.org")).code == "invitation_open"


@pytest.mark.parametrize("end", ["revoke", "time"])
def test_an_invitation_that_ended_makes_room_for_another(end):
    first, secret = invited()
    if end == "time":
        over(first)
    else:
        invitations.revoke(by=people.actor_for(people.admin()), invitation_id=first.pk)

    _, newer = invited()

    assert refusal(lambda: accept(secret)).code == "invitation_revoked"
    assert User.objects.get(pk=accept(newer)).email == EMAIL


def test_an_invitation_is_accepted_once():
    _, secret = invited()
    accept(secret)

    assert refusal(lambda: accept(secret)).code == "invitation_used"
    assert User.objects.filter(email=EMAIL).count() == 1


def test_an_invitation_that_is_over_opens_nothing():
    invitation, secret = invited()
    over(invitation)

    assert refusal(lambda: accept(secret)).code == "invitation_over"
    assert not User.objects.filter(email=EMAIL).exists()


def test_an_invitation_taken_back_opens_nothing():
    invitation, secret = invited()
    invitations.revoke(by=people.actor_for(people.admin()), invitation_id=invitation.pk)

    assert refusal(lambda: accept(secret)).code == "invitation_revoked"
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "\u00fc" * 43, "a" * 5000])
def test_a_link_of_ones_own_making_opens_nothing(secret):
    invited()

    assert refusal(lambda: accept(secret)).code == "invitation_unknown"


def test_sent_again_the_new_link_opens_and_the_old_one_does_not():
    invitation, old = invited()
    over(invitation)

    invitations.resend(by=people.actor_for(people.admin()), invitation_id=invitation.pk)

    assert refusal(lambda: accept(old)).code == "invitation_unknown"
    assert User.objects.get(pk=accept(secret_of())).email == EMAIL
    assert Letter.objects.filter(kind="invitation").count() == 2


def test_what_has_ended_is_neither_sent_again_nor_revoked():
    by = people.actor_for(people.admin())
    used, secret = invited()
    accept(secret)
    revoked, _ = invited(email="other@example.org")
    invitations.revoke(by=by, invitation_id=revoked.pk)

    for deed in (invitations.resend, invitations.revoke):
        codes = [
            refusal(lambda deed=deed, number=number: deed(by=by, invitation_id=number)).code
            for number in (used.pk, revoked.pk, 2**70)
        ]
        assert codes == ["invitation_used", "invitation_revoked", "invitation_unknown"]


def test_an_address_that_signed_up_meanwhile_is_told_so():
    invitation, secret = invited()
    people.customer(email=EMAIL)

    assert refusal(lambda: accept(secret)).code == "address_is_a_customers"
    invitation.refresh_from_db()
    assert invitation.used_at is None


@pytest.mark.django_db(transaction=True)
def test_accepting_five_times_at_once_opens_one_account():
    _, secret = invited()

    answers = at_once(*[lambda: accept(secret) for _ in range(5)])

    assert sorted(getattr(answer, "code", "came") for answer in answers) == ["came"] + ["invitation_used"] * 4
    assert User.objects.filter(email=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_at_once_makes_one_invitation():
    by = people.actor_for(people.admin())

    answers = at_once(*[lambda: invitations.invite(by=by, email=EMAIL, role="salesman") for _ in range(4)])

    assert sorted(getattr(answer, "code", "sent") for answer in answers) == ["invitation_open"] * 3 + ["sent"]
    assert Letter.objects.filter(kind="invitation").count() == 1


# Standing -------------------------------------------------------------------------------------------------


def token_of(who: User) -> ApiToken:
    return ApiToken.objects.create(user=who, name="till", digest=who.email.encode().ljust(32)[:32])


@pytest.mark.parametrize(
    ("deed", "status", "verb", "told"),
    [
        (lambda by, who: staff.suspend(by=by, user_id=who.pk, reason=" Under review "), "suspended", "suspend",
         "suspended"),
        (lambda by, who: staff.remove(by=by, user_id=who.pk, reason="Under review"), "removed", "remove", "removed"),
        (lambda by, who: staff.change_role(by=by, user_id=who.pk, role="moderator"), "active", "change_role", "role"),
    ],
    ids=["suspend", "remove", "change role"],
)  # fmt: skip
def test_a_change_of_standing_ends_tokens_is_recorded_and_told(deed, status, verb, told):
    boss, tomas = people.admin(), people.salesman()
    token, others = token_of(tomas), token_of(people.salesman())

    deed(people.actor_for(boss), tomas)

    token.refresh_from_db()
    others.refresh_from_db()
    assert (token.revoked_at is not None, others.revoked_at) == (True, None)
    assert Employee.objects.get(user=tomas).status == status
    entry = AuditEntry.objects.get(verb=verb)
    assert (entry.actor, entry.on_id) == (boss, str(tomas.pk))
    if status != "active":
        assert entry.reason == Employee.objects.get(user=tomas).status_reason == "Under review"
    letter = Letter.objects.get(kind="standing")
    assert (letter.to, letter.data["change"]) == (tomas.email, told)


def test_somebody_suspended_is_brought_back():
    by, who = people.actor_for(people.admin()), people.salesman(status="suspended")

    staff.bring_back(by=by, user_id=who.pk)

    assert Employee.objects.get(user=who).status == "active"
    assert refusal(lambda: staff.bring_back(by=by, user_id=who.pk)).code == "status_is_theirs"


def test_what_a_change_of_standing_refuses():
    boss = people.admin()
    by, who = people.actor_for(boss), people.salesman()

    said = {
        "reason_left_out": lambda: staff.suspend(by=by, user_id=who.pk, reason="  "),
        "role_is_theirs": lambda: staff.change_role(by=by, user_id=who.pk, role="salesman"),
        "role_unknown": lambda: staff.change_role(by=by, user_id=who.pk, role="customer"),
        "person_unknown": lambda: staff.remove(by=by, user_id=people.customer().pk, reason="x"),
        "own_standing": lambda: staff.change_role(by=by, user_id=boss.pk, role="salesman"),
    }

    assert {code: refusal(deed).code for code, deed in said.items()} == {code: code for code in said}


@pytest.mark.parametrize("make", [people.customer, people.salesman, people.moderator])
def test_only_admins_change_standing(make):
    by, who = people.actor_for(make()), people.salesman()

    for deed in (
        lambda: staff.suspend(by=by, user_id=who.pk, reason="x"),
        lambda: staff.remove(by=by, user_id=who.pk, reason="x"),
        lambda: staff.bring_back(by=by, user_id=who.pk),
        lambda: staff.change_role(by=by, user_id=who.pk, role="admin"),
        lambda: staff.change_role(by=by, user_id=by.user_id, role="admin"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert User.objects.filter(role="admin").count() == 0


@pytest.mark.parametrize("how", ["role", "closed", "suspended", "deleted"])
def test_the_database_keeps_the_last_admin(how):
    last = people.user(Role.ADMIN) if how == "deleted" else people.admin()
    people.employee(Role.ADMIN, status="suspended")
    others = people.moderator()
    Employee.objects.filter(user=others).update(status="suspended")  # no admin, so nobody minds

    with pytest.raises(IntegrityError, match="there has to be an admin"), transaction.atomic():
        if how == "role":
            User.objects.filter(pk=last.pk).update(role="salesman")
        elif how == "closed":
            User.objects.filter(pk=last.pk).update(is_active=False)
        elif how == "deleted":
            last.delete()
        else:
            Employee.objects.filter(user=last).update(status="suspended")


def test_the_last_admin_is_refused_in_words():
    """Only a command that acts for somebody who is no admin any more could come this far."""
    boss, last = people.admin(), people.admin()
    by = people.actor_for(boss)
    staff.suspend(by=people.actor_for(last), user_id=boss.pk, reason="Left")

    assert refusal(lambda: staff.suspend(by=by, user_id=last.pk, reason="x")).code == "signed_out"
    assert User.objects.get(pk=last.pk).role == "admin"


# Records --------------------------------------------------------------------------------------------------


def edit(by: User, who: User, **more) -> None:
    facts = {
        "full_name": "Tomás Vega", "phone": "01 555", "start_date": Employee.objects.get(user=who).start_date,
        "responsibilities": "Late shifts", "reports_to": None,
    }  # fmt: skip
    staff.edit_record(by=people.actor_for(by), user_id=who.pk, **(facts | more))


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_a_salesmans_record_is_changed_by_moderators_and_admins(make):
    boss, tomas = make(), people.salesman()

    edit(boss, tomas, reports_to=boss.pk)

    record = Employee.objects.select_related("user", "reports_to").get(user=tomas)
    assert (record.user.full_name, record.responsibilities) == ("Tomás Vega", "Late shifts")
    assert record.reports_to.user_id == boss.pk
    assert "responsibilities" in AuditEntry.objects.get(verb="edit_record").details["changed"]


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_a_moderator_finds_nobody_but_salesmen(make):
    assert refusal(lambda: edit(people.moderator(), make())).code == "person_unknown"


@pytest.mark.parametrize("make", [people.customer, people.salesman])
def test_nobody_else_changes_records(make):
    with pytest.raises(NotAllowed):
        edit(make(), people.salesman())


def test_nobody_reports_to_a_salesman_a_former_moderator_or_themselves():
    boss, tomas = people.admin(), people.salesman()
    gone = people.moderator(status="removed")

    for lead in (people.salesman().pk, gone.pk, tomas.pk, 2**40):
        assert refusal(lambda lead=lead: edit(boss, tomas, reports_to=lead)).code == "not_their_lead"
    assert refusal(lambda: edit(boss, boss, reports_to=boss.pk)).code == "not_their_lead"


def test_saying_the_same_again_is_no_deed():
    boss, tomas = people.admin(), people.salesman()
    edit(boss, tomas)

    edit(boss, tomas)

    assert AuditEntry.objects.filter(verb="edit_record").count() == 1
