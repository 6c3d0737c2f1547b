"""The second factor as its owner, or an admin who may reset it, sees it."""

from dataclasses import dataclass
from datetime import datetime

from theatre.models.sql import fetch, fetch_one

RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Way:
    """An authenticator app or a passkey. `last_used_at` is None until it was used to sign in."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ways:
    """All that stands for somebody's second factor; recovery codes are None where none were made."""

    app: Way | None
    passkeys: tuple[Way, ...]
    codes_left: int | None

    def __bool__(self) -> bool:
        """Whether there is a second factor at all: recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)


def ways_of(user_id: int) -> Ways:
    """What this person has set up, the oldest first. One query."""
    rows = fetch(
        "SELECT type, id, coalesce(data ->> 'name', ''), created_at, last_used_at,"
        " coalesce((data ->> 'used_mask')::int, 0) FROM mfa_authenticator WHERE user_id = %s ORDER BY id",
        [user_id],
    )
    apps = [Way(*row[1:5]) for row in rows if row[0] == "totp"]
    codes = [RECOVERY_CODES - row[5].bit_count() for row in rows if row[0] == "recovery_codes"]
    return Ways(
        app=apps[0] if apps else None,
        passkeys=tuple(Way(*row[1:5]) for row in rows if row[0] == "webauthn"),
        codes_left=codes[0] if codes else None,
    )


def person_of(user_id: int) -> str | None:
    """Whose second factor it is: name and address; None when there is nobody. One query."""
    row = fetch_one("SELECT full_name, email FROM theatre_user WHERE id = %s", [user_id])
    return f"{row[0]}, {row[1]}".removeprefix(", ") if row else None
