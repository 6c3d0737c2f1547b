"""Pictures as people send them, good and bad."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def _written(kind: str, width: int, height: int, colour: str = "#a43d9c", **more) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, kind, **more)
    return kept.getvalue()


def jpeg(width: int = 800, height: int = 1200, **more) -> bytes:
    return _written("JPEG", width, height, **more)


def png(width: int = 800, height: int = 1200, colour: str = "#a43d9c") -> bytes:
    return _written("PNG", width, height, colour)


def sixty_megapixels() -> bytes:
    """A PNG of 7,746 by 7,746 points in a few kilobytes: black, and packed."""
    side = 7_746
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (side + 7) // 8)) for _ in range(side)) + packer.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
EXECUTABLE = b"MZ\x90\x00\x03" + bytes(2_000)


def busy() -> bytes:
    """A JPEG with something in every corner."""
    kept = BytesIO()
    Image.effect_noise((800, 1200), 90).save(kept, "JPEG")
    return kept.getvalue()


def truncated() -> bytes:
    """A JPEG whose end was lost on the way."""
    whole = busy()
    return whole[: len(whole) // 2]
