"""A letter as it was queued, and what its kind fills the frame with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter as it was queued. `attempts` counts the one that is being made."""

    id: int
    key: str
    kind: str
    to: str
    booking_id: int | None
    user_id: int | None
    data: dict[str, Any]
    message_id: str
    attempts: int
    queued_at: datetime


class NothingLeftToSay(Exception):
    """Since it was queued its reader asked for no more of its kind, or what it tells of is gone."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Code:
    """A seat's QR as a picture inside the letter."""

    name: str
    seat: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What a kind of letter fills its frame with. The templates are mail/`template`.txt and .html."""

    subject: str
    template: str
    context: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    stop: str = ""  # the link that ends letters of this kind, for those nobody has to get


# Each takes the letter and the language it is written in.
Kinds = Mapping[str, Callable[[QueuedLetter, str], Written]]
