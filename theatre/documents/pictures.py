"""Pictures that people send, read with care and drawn anew: of their file nothing is kept (no place, no camera, no
hidden file). What a file is called does not matter, its bytes do."""

import logging
from io import BytesIO

from PIL import Image, ImageFilter, ImageOps

from theatre.rules.refusals import Refused

log = logging.getLogger(__name__)

LARGEST_BYTES = 5_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")  # SVG is a program, and of others a browser may make something else


class NoPicture(Refused):
    """What was sent is no picture that can be shown."""

    code = "no_picture"


def opened(content: bytes, *, what: str, most_pixels: int, smallest: tuple[int, int]) -> Image.Image:
    """The picture as its header says it is, not yet read. `what` it is (a photo, a poster) is the refusal's field and
    its word; `smallest` is width and height. Refused: NoPicture."""
    if len(content) > LARGEST_BYTES:
        raise too_heavy(len(content), what)
    try:
        picture = Image.open(BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_fine(what, most_pixels) from error
    except Exception as error:
        raise NoPicture(f"Choose a {what} that is a JPEG, PNG or WebP picture", what) from error
    if picture.width * picture.height > most_pixels:
        raise _too_fine(what, most_pixels)
    if picture.width < smallest[0] or picture.height < smallest[1]:
        wide, high = smallest
        size = (
            f"{wide} pixels wide and high" if wide == high else f"{wide} pixels wide and {high} pixels high"
        )
        raise NoPicture(f"Choose a {what} that is {size}, or larger", what)
    return picture


def too_heavy(size: int, what: str) -> NoPicture:
    """The refusal of so many bytes."""
    return NoPicture(
        f"Your {what} must be smaller than {LARGEST_BYTES / 1e6:.0f} MB. This one is {size / 1e6:.1f} MB",
        what,
    )


def _too_fine(what: str, most_pixels: int) -> NoPicture:
    return NoPicture(
        f"That {what} is too large to draw. Choose one with {most_pixels / 1e6:.0f} million points or fewer",
        what,
    )


def upright(sent: Image.Image, *, what: str, within: tuple[int, int]) -> Image.Image:
    """The picture read, turned as its camera says, on white where it is clear. A large JPEG is read no finer than
    `within` needs. Refused: NoPicture."""
    try:
        sent.draft("RGB", within)
        whole = ImageOps.exif_transpose(sent).convert("RGBA")
    except Exception as error:  # a decoder that is fed nonsense raises whatever it likes
        log.info("a %s could not be read: %s", what, type(error).__name__)
        raise NoPicture(f"A part of that {what} is missing. Choose it again, or another one", what) from error
    ground = Image.new("RGBA", whole.size, "white")
    ground.alpha_composite(whole)
    return ground.convert("RGB")


def webp(picture: Image.Image, size: tuple[int, int], *, quality: int, soft: int = 0) -> bytes:
    """The middle of the picture in that size, as WebP without metadata; `soft` is a radius that fine grain is lost
    in."""
    fitted = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    if soft:
        fitted = fitted.filter(ImageFilter.GaussianBlur(soft))
    kept = BytesIO()
    # A new picture, so that nothing the old one carried (EXIF, XMP, ICC) is written along.
    picture = Image.frombytes("RGB", fitted.size, fitted.tobytes())
    picture.save(kept, "WEBP", quality=quality, method=4)
    return kept.getvalue()
