"""What is stored, and what can never be stored."""

from theatre.models.addresses import AddressChange
from theatre.models.audit import AuditEntry, RowChange
from theatre.models.bookings import Booking, Channel, IdempotencyKey, Ticket
from theatre.models.claims import SeatClaim
from theatre.models.closings import MoveAnswer, ShowClosing, ShowMove
from theatre.models.coupons import Coupon, CouponUse
from theatre.models.feedback import Feedback
from theatre.models.inbox import Message, Thread
from theatre.models.invitations import Invitation
from theatre.models.limits import Tries
from theatre.models.money import Invoice, InvoiceCounter, LedgerEntry, Payment, PaymentMethod, Refund
from theatre.models.movies import Genre, Movie, MovieDigest, MovieFile, MovieFollow, Poster
from theatre.models.outbox import Letter
from theatre.models.people import ApiToken, Customer, Employee, Tier, User
from theatre.models.photos import Photo
from theatre.models.reviews import Review
from theatre.models.screens import Screen, Seat, SeatKind, SeatOutOfService, SeatPlan
from theatre.models.shows import Audience, PriceCard, PriceCardAmount, PriceCardDaypart, Show
from theatre.models.vip import VipReservation
from theatre.models.waiting import WaitingParty

__all__ = [
    "AddressChange", "ApiToken", "Audience", "AuditEntry", "Booking", "Channel", "Coupon",
    "CouponUse", "Customer", "Employee", "Feedback", "Genre", "IdempotencyKey", "Invitation",
    "Invoice", "InvoiceCounter", "LedgerEntry", "Letter", "Message", "MoveAnswer", "Movie", "MovieDigest",
    "MovieFile", "MovieFollow", "Payment", "PaymentMethod", "Photo", "Poster", "PriceCard",
    "PriceCardAmount", "PriceCardDaypart", "Refund", "Review", "RowChange", "Screen", "Seat",
    "SeatClaim", "SeatKind", "SeatOutOfService", "SeatPlan", "Show", "ShowClosing", "ShowMove",
    "Thread", "Ticket", "Tier", "Tries", "User", "VipReservation",
    "WaitingParty",
]  # fmt: skip
