"""The demo's ten sign-ins. Their passwords, keys and tokens are made once for a data folder and kept there alone.

`demo-secrets.json` holds them in plain words, readable by its owner only; the database has hashes and ciphertext.
So a demo that is started again, or loaded into a new database, has the same ones.
"""

import base64
import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password

from theatre.actions.people.tokens import PREFIX
from theatre.demo.names import QUALITIES, THINGS
from theatre.models import ApiToken, Employee, User
from theatre.rules.roles import MANAGEMENT, Role, needs_second_factor

SECRETS_FILE = "demo-secrets.json"
TOKEN_NAME = "Demo"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the demo. `tickets` were bought in the past year by a customer, for the tier they show."""

    role: Role
    email: str
    name: str
    tickets: int = 0


ACCOUNTS = (
    Account(Role.ADMIN, "admin@movie-counter.example", "Ada Lumen"),
    Account(Role.MODERATOR, "moderator@movie-counter.example", "Mira Falk"),
    Account(Role.MODERATOR, "moderator2@movie-counter.example", "Tariq Haddad"),
    Account(Role.SALESMAN, "salesman@movie-counter.example", "Jonas Weber"),
    Account(Role.SALESMAN, "salesman2@movie-counter.example", "Noor Rahman"),
    Account(Role.SALESMAN, "salesman3@movie-counter.example", "Lena Brandt"),
    Account(Role.CUSTOMER, "customer@guests.example", "Petra Nowak", 12),
    Account(Role.CUSTOMER, "silver@guests.example", "Emil Sørensen", 140),
    Account(Role.CUSTOMER, "gold@guests.example", "Yara Costa", 345),
    Account(Role.CUSTOMER, "platinum@guests.example", "Hiro Tanaka", 560),
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What one account signs in with. `totp_secret` is for admins and moderators."""

    password: str
    totp_secret: str | None
    api_token: str


def secrets_of_all(folder: Path) -> dict[str, Secrets]:
    """Every account's secrets by address, from the data folder; those missing are made and kept there."""
    path = folder / SECRETS_FILE
    known = {email: Secrets(**kept) for email, kept in _read(path).items()}
    wanted = {account.email: known.get(account.email) or _new(account) for account in ACCOUNTS}
    if wanted != known:
        write_private(path, {email: asdict(kept) for email, kept in wanted.items()})
    return wanted


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return {}


def _new(account: Account) -> Secrets:
    words = "-".join(secrets.choice(words).lower() for words in (QUALITIES, THINGS, THINGS))
    return Secrets(
        password=f"{words}-{secrets.token_hex(4)}",
        totp_secret=base64.b32encode(secrets.token_bytes(20)).decode()
        if account.role in MANAGEMENT
        else None,
        api_token=PREFIX + secrets.token_urlsafe(32),
    )


def write_private(path: Path, content: object) -> None:
    """Write JSON that only its owner reads, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_staff(now: datetime) -> dict[str, User]:
    """The demo's employees by address, each reporting to a moderator or to the admin."""
    made: dict[str, User] = {}
    for account in ACCOUNTS:
        if account.role is Role.CUSTOMER:
            continue
        user = User.objects.create(
            email=account.email, role=account.role.value, full_name=account.name, confirmed_at=now, joined_at=now,
            phone="01 555 0142",
        )  # fmt: skip
        EmailAddress.objects.create(user=user, email=account.email, verified=True, primary=True)
        made[account.email] = user
    boss: dict[Role, Employee | None] = {Role.ADMIN: None}
    for place, account in enumerate(account for account in ACCOUNTS if account.email in made):
        above = boss.get({Role.SALESMAN: Role.MODERATOR}.get(account.role, Role.ADMIN))
        employee = Employee.objects.create(
            user=made[account.email],
            start_date=date(now.year - 3 + place // 2, 3, 1),
            base_salary={Role.ADMIN: 4200, Role.MODERATOR: 3100, Role.SALESMAN: 2300}.get(account.role, 0),
            responsibilities=_DUTIES[account.role],
            reports_to=above,
        )
        boss.setdefault(account.role, employee)
    return made


_DUTIES = {
    Role.ADMIN: "Runs the house.",
    Role.MODERATOR: "Programme, bookings and the counter team.",
    Role.SALESMAN: "Counter and door.",
}


def let_in(accounts: dict[str, Secrets]) -> None:
    """Set each account's password, authenticator and API token to these, ending the tokens it had from here before."""
    for user in User.objects.filter(email__in=list(accounts)):
        kept = accounts[user.email]
        user.password = make_password(kept.password)
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        if kept.totp_secret:
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(kept.totp_secret)}
            )
        ApiToken.objects.filter(user=user, name=TOKEN_NAME).delete()
        ApiToken.objects.create(
            user=user,
            name=TOKEN_NAME,
            digest=hashlib.sha256(kept.api_token.encode()).digest(),
            second_factor=needs_second_factor(user.role),
        )


def knows(accounts: dict[str, Secrets]) -> bool:
    """Whether the database opens to these tokens: it was loaded with the secrets of this data folder."""
    digests = [hashlib.sha256(kept.api_token.encode()).digest() for kept in accounts.values()]
    return ApiToken.objects.filter(digest__in=digests, revoked_at=None).count() == len(digests)


def sign_ins(url: str) -> dict[str, Any]:
    """What `demo.json` says: the address, and each account's way in."""
    kept = secrets_of_all(settings.DATA_DIR)
    return {
        "url": url,
        "accounts": [
            {"role": account.role.value, "email": account.email, **asdict(kept[account.email])}
            for account in ACCOUNTS
        ],
    }
