"""The press: a template of theatre/documents/sheets/ and plain data in, one PDF out.

Data reaches the template as JSON and is only ever shown, so nothing that a person typed can act. The press reads
no file outside its own folder, no system font and no network.
"""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from theatre.documents.words import one_line

if TYPE_CHECKING:
    from typst import PDFStandard

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "sheets"
_FONTS = _HERE / "fonts"

# Tagged for screen readers and fit for the archive, both at once.
_STANDARDS: list["PDFStandard"] = ["a-3a", "ua-1"]

# A word longer than the first may be broken after every so many letters as the second says.
_LONGEST_WORD, _PIECE = 40, 16
_ENDLESS = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_press = threading.local()


def print_pdf(
    template: str, data: Mapping[str, Any], *, drawings: Sequence[str] = (), language: str, made_at: datetime
) -> bytes:
    """The PDF of ``template`` (a file name in sheets/) filled with ``data`` and our own ``drawings`` (SVG).

    It is PDF/A-3a and PDF/UA-1. When no such PDF can be made of the data (a letter that none of our fonts has, a
    blank title), it is printed once more as an ordinary tagged PDF, with a box for that letter. The same data and
    ``made_at`` give the same bytes.
    """
    inputs = {
        "data": json.dumps(printable(data)),
        "drawings": json.dumps(list(drawings)),
        "language": language.split("-")[0],
    }
    try:
        return _compile(template, inputs, made_at, _STANDARDS)
    except typst.TypstError:
        return _compile(template, inputs, made_at, [])


def draw(template: str, data: Mapping[str, Any], *, drawings: Sequence[str] = ()) -> bytes:
    """The picture of ``template`` as PNG, a pixel for each of its points."""
    inputs = {"data": json.dumps(printable(data)), "drawings": json.dumps(list(drawings))}
    picture: bytes = _compiler().compile(_TEMPLATES / template, format="png", ppi=72, sys_inputs=inputs)
    return picture


def printable(value: Any) -> Any:
    """``value`` with every text in it fit for paper: no control or direction marks, no endless words, one line each."""
    if isinstance(value, Mapping):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(inner) for inner in value]
    return _ENDLESS.sub(_breakable, one_line(value)) if isinstance(value, str) else value


def _breakable(word: re.Match[str]) -> str:
    letters = word.group()
    return "\u200b".join(letters[start : start + _PIECE] for start in range(0, len(letters), _PIECE))


def _compile(
    template: str, inputs: dict[str, str], made_at: datetime, standards: list["PDFStandard"]
) -> bytes:
    return _compiler().compile(
        _TEMPLATES / template,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standards,
        timestamp=int(made_at.timestamp()),
    )


def _compiler() -> Any:
    # A typst compiler may not be entered twice ("Already borrowed"), so each thread has its own.
    if not hasattr(_press, "compiler"):
        _press.compiler = typst.Compiler(
            root=_TEMPLATES, font_paths=_fonts(), package_path=_TEMPLATES, package_cache_path=_TEMPLATES
        )
    return _press.compiler


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
