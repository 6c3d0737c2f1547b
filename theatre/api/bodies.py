"""What clients send, checked for shape alone: the theatre's rules speak later, in the actions."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.parser import Parser
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from theatre.api.answers import WrongContentType
from theatre.queries.listings import BIGGEST_ID

_AMOUNT = re.compile(r"[0-9]{1,11}(\.[0-9]{1,3})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Control characters but tab and line ends, and halves of characters.
_UNTYPEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
YEARS = range(1900, 2200)
MOST_PAGES, MOST_ITEMS, USUAL_ITEMS = 1_000_000, 100, 25
# What clients declare that is JSON, or that they declare for want of thought (curl, urllib).
_JSON_TYPES = ("", "application/json", "application/x-www-form-urlencoded", "text/plain")


class JsonParser(Parser):
    """JSON as RFC 8259 has it: without NaN and Infinity, and no number that is not finite."""

    def parse_body(self, request: HttpRequest) -> Any:
        kind = (request.content_type or "").lower()
        if kind not in _JSON_TYPES and not kind.endswith("+json"):
            raise WrongContentType(kind)
        return json.loads(request.body.decode(), parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _typed(text: str) -> str:
    if _UNTYPEABLE.search(text):
        raise PydanticCustomError("control_character", "control character")
    return text


def _amount(value: object) -> Decimal:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise PydanticCustomError("amount", "not an amount")
    return Decimal(value)


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if day.year in YEARS:
                return day
    raise PydanticCustomError("date", "not a day")


Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Typed = AfterValidator(
    _typed
)  # stands after the length, which is then asked of the text and not of what it became
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount, json_schema_input_type=Annotated[str, Field(pattern=f"^{_AMOUNT.pattern}$")]),
]
Day = Annotated[
    date,
    BeforeValidator(_day, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date"})]),
]


class Body(BaseModel):
    """A body. Members it does not know are left alone."""

    model_config = ConfigDict(strict=True, extra="ignore")


class HoldBody(Body):
    show: Id
    seats: list[Id]
    audiences: list[Literal["adult", "child", "senior", "student"]] | None = Field(
        default=None,
        description="Who each of `seats` is for, in their order, where the price card has an amount for them. "
        "Absent: adults.",
    )
    customer: Annotated[str, Field(max_length=254), Typed] | None = Field(
        default=None,
        description="A member number or an e-mail address; staff only. Absent: myself, for staff a walk-in.",
    )

    @field_validator("audiences")
    @classmethod
    def _one_for_each(cls, value: list[str] | None, info: ValidationInfo) -> list[str] | None:
        if value is not None and len(value) != len(info.data.get("seats", value)):
            raise PydanticCustomError("not_one_for_each_seat", "as many as seats")
        return value

    def by_seat(self) -> dict[int, str]:
        """Who each seat is for."""
        return dict(zip(self.seats, self.audiences or (), strict=False))


class Payment(Body):
    method: Literal["demo", "cash", "card", "complimentary"]


class ConfirmBody(Body):
    coupon: Annotated[str, Field(max_length=100), Typed] | None = None
    shown_total: Amount = Field(description="`quote.total`, as it was shown.")
    payment: Payment


class CancelBody(Body):
    reason: Annotated[str, Field(max_length=500), Typed] | None = Field(
        default=None, description="Moderators and admins have to give one."
    )
    tickets: list[Id] | None = Field(
        default=None, description="Ids of the tickets to return; absent: all of them."
    )


class ExtendBody(Body):
    """Nothing is asked."""


class CheckInBody(Body):
    code: Annotated[str, Field(max_length=1000), Typed]
    show: Id | None = Field(
        default=None, description="The show at this door; a ticket for another one is refused."
    )
    door: Annotated[str, Field(max_length=40), Typed] | None = None


class PageQuery(Schema):
    page: int = Field(1, ge=1, le=MOST_PAGES)
    size: int = Field(
        USUAL_ITEMS, ge=1, description=f"At most {MOST_ITEMS}; more is answered with {MOST_ITEMS}."
    )

    @property
    def items(self) -> int:
        """How many a page has."""
        return min(self.size, MOST_ITEMS)


class ShowQuery(PageQuery):
    date: Annotated[Day | None, BeforeValidator(lambda value: value or None)] = Field(
        default=None, description="A day in the theatre’s zone. Absent: every show still to come."
    )
    movie: str = Field("", max_length=200, description="A movie’s slug or id.")


class QuoteQuery(Schema):
    coupon: str = Field("", max_length=100, description="A coupon code; case and spaces do not matter.")


class BookingQuery(PageQuery):
    state: Literal["held", "confirmed", "cancelled", "lapsed"] | None = None
