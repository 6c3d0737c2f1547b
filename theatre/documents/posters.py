"""A movie's poster as it was uploaded, drawn anew in three widths, two by three like a one-sheet."""

from typing import NamedTuple

from theatre.documents import pictures

MOST_PIXELS = 25_000_000
SMALLEST = (200, 300)
# Width in pixels, and the heaviest it may be in bytes (ux.md, goal 11).
SIZES = {"small": (160, 9_000), "medium": (400, 25_000), "large": (800, 60_000)}
# The quality it is written with, and how far its points are softened: the first that is light enough is taken.
_CARE = (*((quality, 0) for quality in range(80, 20, -10)), (30, 1), (30, 2), (30, 4), (20, 8), (10, 16))


class Pictures(NamedTuple):
    """WebP, each of its width."""

    small: bytes
    medium: bytes
    large: bytes


def redrawn(content: bytes) -> Pictures:
    """The three sizes, none heavier than it may be: what is very busy is drawn with less care, and what is nothing but
    grain is softened. Refused: NoPicture."""
    sent = pictures.opened(content, what="poster", most_pixels=MOST_PIXELS, smallest=SMALLEST)
    widest = max(width for width, _heaviest in SIZES.values())
    whole = pictures.upright(sent, what="poster", within=(2 * widest, 3 * widest))
    made = {}
    for name, (width, heaviest) in SIZES.items():
        for quality, soft in _CARE:
            made[name] = pictures.webp(whole, (width, width * 3 // 2), quality=quality, soft=soft)
            if len(made[name]) <= heaviest:
                break
    return Pictures(**made)
