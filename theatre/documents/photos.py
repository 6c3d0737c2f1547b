"""A person's photo, drawn anew: square and WebP."""

from theatre.documents import pictures

SIDE = 512  # pixels
LARGEST_BYTES = pictures.LARGEST_BYTES
MOST_PIXELS = 30_000_000
_SMALLEST_SIDE = 64
_QUALITY = 82


def redrawn(content: bytes) -> bytes:
    """The middle square of the picture, SIDE pixels wide, as WebP without metadata. Refused: NoPicture."""
    sent = pictures.opened(
        content, what="photo", most_pixels=MOST_PIXELS, smallest=(_SMALLEST_SIDE, _SMALLEST_SIDE)
    )
    whole = pictures.upright(sent, what="photo", within=(2 * SIDE, 2 * SIDE))
    return pictures.webp(whole, (SIDE, SIDE), quality=_QUALITY)
