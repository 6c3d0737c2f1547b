"""Booking references made from ids, so that a million of them never meet."""

from theatre.rules.bookings import REFERENCE_ALPHABET, REFERENCE_LENGTH

_REFERENCES = len(REFERENCE_ALPHABET) ** REFERENCE_LENGTH
_PAIRS = [first + second for first in REFERENCE_ALPHABET for second in REFERENCE_ALPHABET]
_STEP = 316_227_766_017  # shares no factor with the number of references, so no two ids have the same one


def reference(booking: int) -> str:
    """A booking reference made from the id: it looks like any other and meets none made this way."""
    rest = booking * _STEP % _REFERENCES
    rest, first = divmod(rest, len(_PAIRS))
    rest, second = divmod(rest, len(_PAIRS))
    fourth, third = divmod(rest, len(_PAIRS))
    return _PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth]
