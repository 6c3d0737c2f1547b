"""A person's photo, drawn anew: square, WebP, nothing else of what was sent (no place, no camera, no hidden file)."""

import logging
from io import BytesIO

from PIL import Image, ImageOps

from theatre.rules.refusals import Refused

log = logging.getLogger(__name__)

SIDE = 512  # pixels
LARGEST_BYTES = 5_000_000
MOST_PIXELS = 30_000_000
_SMALLEST_SIDE = 64
_FORMATS = ("JPEG", "PNG", "WEBP")  # SVG is a program, and of others a browser may make something else


class NoPhoto(Refused):
    """What was sent is no picture that can be shown."""

    code = "no_photo"


def redrawn(content: bytes) -> bytes:
    """The middle square of the picture, SIDE pixels wide, as WebP without metadata. What the file is called does not
    matter, its bytes do. Refused: NoPhoto."""
    if len(content) > LARGEST_BYTES:
        raise NoPhoto(
            f"Your photo must be smaller than {LARGEST_BYTES / 1e6:.0f} MB. This one is {len(content) / 1e6:.1f} MB",
            "photo",
        )
    try:
        picture = Image.open(BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_fine() from error
    except Exception as error:
        raise NoPhoto("Choose a photo that is a JPEG, PNG or WebP picture", "photo") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_fine()
    if min(picture.size) < _SMALLEST_SIDE:
        raise NoPhoto(f"Choose a photo that is {_SMALLEST_SIDE} pixels wide and high, or larger", "photo")
    try:
        return _square(picture)
    except Exception as error:  # a decoder that is fed nonsense raises whatever it likes
        log.info("a photo could not be read: %s", type(error).__name__)
        raise NoPhoto("A part of that photo is missing. Choose it again, or another one", "photo") from error


def _too_fine() -> NoPhoto:
    return NoPhoto(
        f"That photo is too large to draw. Choose one with {MOST_PIXELS / 1e6:.0f} million points or fewer",
        "photo",
    )


def _square(sent: Image.Image) -> bytes:
    sent.draft("RGB", (2 * SIDE, 2 * SIDE))  # a large JPEG is read no finer than it is needed
    upright = ImageOps.exif_transpose(sent)
    whole = upright.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    ground.alpha_composite(whole)
    square = ImageOps.fit(ground.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    kept = BytesIO()
    # A new picture, so that nothing the old one carried (EXIF, XMP, ICC) is written along.
    picture = Image.frombytes("RGB", square.size, square.tobytes())
    picture.save(kept, "WEBP", quality=82, method=4)
    return kept.getvalue()
