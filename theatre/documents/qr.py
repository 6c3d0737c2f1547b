"""QR codes as one SVG path: for the page (a `<svg>` of its own) and, drawn from the same path, for the PDF."""

from functools import lru_cache
from io import BytesIO

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

QUIET_MODULES = 4


@lru_cache(maxsize=256)  # a page and its PDF ask for the same codes within minutes
def modules(text: str) -> tuple[str, int]:
    """The dark modules of ``text`` as one SVG path in module units, and how many modules the symbol is wide.

    Error correction level M. Runs of dark modules in a row become one rectangle; the quiet zone of four modules is
    outside the path and must be left white by whoever draws it.
    """
    strokes = []
    rows = _matrix(text)
    for y, row in enumerate(rows):
        x, width = 0, len(row)
        while x < width:
            start = x
            while x < width and row[x]:
                x += 1
            if x > start:
                strokes.append(f"M{start} {y}h{x - start}v1H{start}z")
            x += 1
    return "".join(strokes), len(rows)


def png(text: str, *, scale: int = 5) -> bytes:
    """The same as a picture, quiet zone included, for letters: mail programs do not draw SVG."""
    rows = _matrix(text)
    whole = len(rows) + 2 * QUIET_MODULES
    picture = Image.new("L", (whole, whole), 255)
    picture.putdata(_greys(rows, whole))
    drawn = BytesIO()
    picture.resize((whole * scale, whole * scale), Image.Resampling.NEAREST).convert("1").save(drawn, "PNG")
    return drawn.getvalue()


def svg(text: str, *, label: str) -> SafeString:
    """A standing `<svg>` for a page: black on white in both themes, quiet zone included, named by ``label``."""
    path, width = modules(text)
    whole = width + 2 * QUIET_MODULES
    return format_html(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}"'
        ' role="img" aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{whole}v{whole}H0z"/>'
        '<path fill="#000" transform="translate({quiet} {quiet})" d="{path}"/></svg>',
        whole=whole,
        label=label,
        quiet=QUIET_MODULES,
        path=path,
    )


@lru_cache(maxsize=256)
def _matrix(text: str) -> tuple[bytearray, ...]:
    # The mask is fixed: weighing all eight costs 5 ms a code, and any of them suits the random bits of a signature.
    return tuple(segno.make_qr(text, error="m", boost_error=False, mask=0).matrix)


def _greys(rows: tuple[bytearray, ...], whole: int) -> list[int]:
    margin, side = [255] * (whole * QUIET_MODULES), [255] * QUIET_MODULES
    inside = [grey for row in rows for grey in (*side, *(0 if dark else 255 for dark in row), *side)]
    return margin + inside + margin
