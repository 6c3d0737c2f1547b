"""The second factor as allauth asks for it: secrets sealed in the database, passkeys bound to the theatre's address."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from theatre.documents import qr
from theatre.models import User
from theatre.models.sealed import seal, unseal

# What counts as a second factor; recovery codes are for when it is lost.
WAYS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That code has expired. Enter the newest one from your app. If that one fails too, your phone’s clock is"
            " wrong: have it set itself"
        ),
        "used_code": _("That code has been used. Wait for the next one, then enter it"),
        "passkey_refused": _("That passkey wasn’t taken. Try again, or use another way"),
        "passkey_not_added": _("That passkey wasn’t added. Try again, or use another device"),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first"),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        return qr.svg(url, label=gettext("Code for your authenticator app"))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number} if number > 1 else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The theatre's host: a passkey made for it answers no other, whatever host a request names."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.THEATRE_NAME}
