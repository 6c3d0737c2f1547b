"""What the API answers, for its OpenAPI document. Answers are written by the rooms below and are not checked against
these at run time; the tests do that."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Money = Annotated[str, Field(description="An amount in the theatre’s currency.", examples=["22.00"])]
Kind = Literal["standard", "premium", "vip", "wheelchair", "companion"]
Audience = Literal["adult", "child", "senior", "student"]


class Refusal(BaseModel):
    """A no: `code` is for programs, `message` for people, `field` names the member it is about."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    field: str | None


class FieldError(BaseModel):
    field: str | None
    code: str
    message: str


class FieldErrors(Refusal):
    """A body or query that does not fit, or one that can never be granted (`errors` is absent then)."""

    errors: list[FieldError] = []


class SeatTaken(Refusal):
    """`seats` are the ids that are gone; `instead` is a free neighbour, if there is one."""

    seats: list[int] = []
    instead: int | None = None


class Movie(BaseModel):
    id: int
    slug: str
    title: str
    state: Literal["coming_soon", "showing", "retired"]
    certificate: str
    duration_minutes: int | None
    release_date: date | None
    director: str
    cast: str
    languages: list[str]
    formats: list[str]
    genres: list[str]
    synopsis: str
    poster: str
    trailer: str | None
    rating: str | None = Field(description="The average of the reviews, one place; null without any.")
    reviews: int


class Show(BaseModel):
    id: int
    movie: str
    movie_id: int
    movie_slug: str
    screen: str
    screen_number: int
    starts_at: datetime
    ends_at: datetime
    formats: list[str]
    state: Literal["on_sale", "played"]
    seats_left: int = Field(description="Seats a customer could take now.")


class Page(BaseModel):
    page: int
    pages: int
    count: int


class Movies(Page):
    items: list[Movie]


class Shows(Page):
    items: list[Show]


class Seat(BaseModel):
    id: int
    row: str
    number: int
    kind: Kind
    price: Money | None
    state: Literal["free", "held", "sold", "blocked", "yours"]


class Seats(BaseModel):
    show: int
    seats: list[Seat]


class Discount(BaseModel):
    kind: Literal["tier", "coupon", "complimentary"]
    label: str
    amount: Money


class QuoteLine(BaseModel):
    ticket: int
    seat: str
    audience: Audience
    list: Money
    discounts: Sequence[Discount]
    price: Money
    vat: Money


class Quote(BaseModel):
    """What a hold costs now; `total` is what `shown_total` has to say."""

    lines: list[QuoteLine]
    total: Money
    currency: str


class PriceChanged(Refusal):
    """`quote` is the new price, when that is the reason."""

    quote: Quote | None = None


class HeldTicket(BaseModel):
    id: int
    seat_id: int
    seat: str
    kind: Kind
    audience: Audience
    price: Money


class Hold(BaseModel):
    ref: str
    expires_at: datetime
    tickets: list[HeldTicket]
    quote: Quote


class Extended(BaseModel):
    ref: str
    expires_at: datetime
    extensions_left: int
    last: bool


class BookedShow(BaseModel):
    id: int
    movie: str
    screen: str
    starts_at: datetime


class BookedCustomer(BaseModel):
    name: str
    email: str


class BookedPayment(BaseModel):
    method: Literal["demo", "cash", "card", "online", "complimentary"]


class Taken(BaseModel):
    kind: Literal["tier", "coupon", "complimentary"]
    amount: Money


class Ticket(BaseModel):
    """A ticket; `code` is the text of its QR while it is good."""

    id: int
    seat_id: int
    seat: str
    kind: Kind
    audience: Audience
    state: Literal["held", "sold", "returned", "lapsed"]
    list: Money
    discounts: Sequence[Taken]
    price: Money | None
    vat: Money | None
    code: str | None
    checked_in_at: datetime | None


class Booking(BaseModel):
    ref: str
    state: Literal["held", "confirmed", "cancelled", "lapsed"]
    show: BookedShow
    customer: BookedCustomer
    channel: Literal["online", "counter", "api"]
    seller: str | None
    expires_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    coupon: str | None
    tier: str | None
    payment: BookedPayment | None
    total: Money | None
    refunded: Money
    currency: str
    tickets: list[Ticket]


class ListedBooking(BaseModel):
    ref: str
    state: Literal["held", "confirmed", "cancelled", "lapsed"]
    movie: str
    movie_slug: str
    screen: str
    starts_at: datetime
    seats: list[str]
    total: Money | None
    currency: str
    channel: Literal["online", "counter", "api"]
    created_at: datetime


class Bookings(Page):
    items: list[ListedBooking]


class CheckIn(BaseModel):
    """Let them in."""

    ref: str
    seat: str
    movie: str
    screen: str
    starts_at: datetime
    at: datetime
    door: str


class AlreadyUsed(Refusal):
    """`at` and `door` say when and where the ticket was used, when that is the reason."""

    at: datetime | None = None
    door: str | None = None
