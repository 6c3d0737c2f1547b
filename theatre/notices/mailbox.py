"""The demo's mail server: a folder. Every letter is kept as it was sent, and read at /demo/mail."""

import email
import email.policy
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as OutgoingMail
from django.core.mail.backends.base import BaseEmailBackend


class Mailbox(BaseEmailBackend):
    """Django's way to a mail server, ending in the folder MAILBOX_DIR. The same letter sent twice is there once."""

    def send_messages(self, email_messages: Sequence[OutgoingMail]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.as_bytes())
            os.replace(unfinished, folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """An attachment, or a picture inside the letter (then `content_id` is what its HTML calls it)."""

    number: int
    name: str
    mime: str
    content: bytes
    content_id: str


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A letter as its reader's mail program would take it apart."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    parts: tuple[ReceivedPart, ...]


def received(limit: int = 50) -> list[ReceivedLetter]:
    """The newest letters in the mailbox, the newest first."""
    files = sorted(_folder().glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:limit]]


def letter(name: str) -> ReceivedLetter | None:
    """One letter by its name, or None."""
    file = _folder() / f"{name}.eml"
    return _read(file) if name.isalnum() and file.exists() else None


def _read(file: Path) -> ReceivedLetter:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return ReceivedLetter(
        name=file.stem,
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        parts=tuple(_parts(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _parts(message: EmailMessage) -> Iterator[ReceivedPart]:
    for number, part in enumerate(message.iter_attachments()):
        content = part.get_content()
        yield ReceivedPart(
            number=number,
            name=part.get_filename() or f"part {number}",
            mime=part.get_content_type(),
            content=content if isinstance(content, bytes) else str(content).encode(),
            content_id=str(part["Content-ID"] or "").strip("<>"),
        )


def _folder() -> Path:
    return Path(settings.MAILBOX_DIR)
