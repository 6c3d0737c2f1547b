"""Booking references in addresses."""

from theatre.actions.booking._holds import unknown
from theatre.rules.bookings import normalise_reference


def reference(typed: str) -> str:
    """The reference as stored. One that cannot be one is refused like one that is not there."""
    ref = normalise_reference(typed)
    if ref is None:
        raise unknown()
    return ref
