"""What a reader, a screen reader and a scanner find in a PDF."""

import io
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from PIL import Image

from tests.programs import need

try:
    from pyzbar import pyzbar
except ImportError:  # the library libzbar0 is not installed
    pyzbar = None

ACTIVE = {"/JS", "/JavaScript", "/URI", "/Launch", "/GoToR", "/SubmitForm", "/AA", "/OpenAction", "/AcroForm"}
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def words(pdf: bytes) -> str:
    """Its text in reading order, each run of white space as one space."""
    need("pdftotext")
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(text.split())


def pictures(pdf: bytes, dots_per_inch: int = 150) -> list[Image.Image]:
    """Its pages as they would be printed."""
    need("pdftoppm")
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-png", "-r", str(dots_per_inch), "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, capture_output=True, check=True)
        return [Image.open(io.BytesIO(page.read_bytes())) for page in sorted(Path(folder).iterdir())]


def scanned(pdf: bytes) -> list[str]:
    """The QR codes on its pages, from top to bottom."""
    need("zbar")
    found = []
    for page in pictures(pdf):
        symbols = pyzbar.decode(page, symbols=[pyzbar.ZBarSymbol.QRCODE])
        found += [symbol.data.decode() for symbol in sorted(symbols, key=lambda symbol: symbol.rect.top)]
    return found


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of its pages in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        boxes = [[float(edge) for edge in page.mediabox] for page in opened.pages]
    return [
        (round((right - left) * 25.4 / 72), round((top - bottom) * 25.4 / 72))
        for left, bottom, right, top in boxes
    ]


def alternatives(pdf: bytes) -> list[str]:
    """The alternative texts in its structure tree."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            str(each.Alt)
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]


def structure(pdf: bytes) -> set[str]:
    """The kinds of element in its structure tree, such as `/H1` and `/Table`."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        elements = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each)
        return {str(each.S) for each in elements}


def active(pdf: bytes) -> set[str]:
    """What in it would run, open or lead somewhere: the names that PDF has for that."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        dictionaries = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        found: set[str] = set()
        while dictionaries:
            each = dictionaries.pop()
            found |= ACTIVE & (set(each.keys()) | {str(each.get("/S", ""))})
            dictionaries += [
                value
                for value in each.values()
                if isinstance(value, pikepdf.Dictionary) and not value.is_indirect
            ]
    return found


def assert_accessible(pdf: bytes, *, title: str, language: str = "en") -> None:
    """Tagged, titled, in a language, archivable: what PDF/UA-1 and PDF/A-3a ask and a machine can see."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.StructTreeRoot.K is not None
        assert str(opened.Root.Lang) == language
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as facts:
            assert facts["dc:title"] == title
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("3", "A")
            assert facts["pdfuaid:part"] == "1"
    assert_fonts_embedded(pdf)


def assert_fonts_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = [
            each
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all(any(file in font for file in FONT_FILES) for font in fonts)
