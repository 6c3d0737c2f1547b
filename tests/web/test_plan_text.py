"""The plan as the grid reads and writes it is the plan as the rules do: a program in Node.js tries its module."""

import json
import re
import subprocess
from pathlib import Path
from random import Random

import pytest

from theatre.demo import cinema
from theatre.rules.plans import parse, text_of
from theatre.rules.seating import row_letter

pytestmark = pytest.mark.node

MODULE = Path(__file__).resolve().parents[2] / "theatre" / "static" / "js" / "plan-text.js"
MARKS = re.compile("([rhb])")


def as_text(hall: tuple[str, ...]) -> str:
    """A hall of the demo as a plan's text."""
    rows = (MARKS.sub(r"s\1", row).replace(".", "_") for row in hall)
    return "\n".join(
        f"{row_letter(place)}: {row}" if row.strip("_") else "" for place, row in enumerate(rows)
    )


def run(program: str, given: object) -> object:
    """What a program says that imports the module as `plan`; `given` is what it is given."""
    source = (
        f"import * as plan from {json.dumps(MODULE.as_uri())};"
        "import { readFileSync } from 'node:fs';"
        "const given = JSON.parse(readFileSync(0, 'utf8'));"
        f"console.log(JSON.stringify({program}));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "--no-warnings", "-e", source],
        input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return json.loads(done.stdout)


def some_texts(number: int = 400) -> list[str]:
    """Plans of every shape, some written oddly."""
    random = Random(7)
    texts = []
    for _ in range(number):
        lines: list[str] = []
        for place in range(random.randint(1, 8)):
            if lines and random.random() < 0.2:
                lines.append(random.choice(["", "  ", "__"]))
            start = random.choice(["", "", " 7", "12"])
            head = f"{row_letter(place * 3)}{start}{random.choice(['', '<'])}"
            body = "".join(
                random.choice(["S", "s", "Sr", "Ph", "Vb", "Srhb", "Sbr", "_", " ", "W", "WC", "CW"])
                for _ in range(9)
            )
            lines.append(
                f"{random.choice(['', ' '])}{head.lower() if random.random() < 0.2 else head}: {body}S"
            )
        texts.append("\n".join(lines))
    return texts


def test_the_grid_writes_what_the_rules_write():
    texts = [*some_texts(), *map(as_text, cinema.HALLS)]

    written = run("given.map((text) => plan.write(plan.read(text)))", texts)

    assert [parse(text) for text in written] == [parse(text) for text in texts]
    assert [text.replace(" ", "").strip("\n") for text in written] == [
        text_of(parse(text)).replace(" ", "") for text in texts
    ]
    assert run("given.map((text) => plan.write(plan.read(text)))", written) == written


def test_the_grid_numbers_seats_as_the_rules_do():
    texts = [text for text in some_texts(100) if "\n" not in text]

    numbers = run(
        "given.map((text) => plan.read(text)[0]).map((line) => line.cells.flatMap("
        "(cell, x) => (cell ? [plan.numberAt(line, x)] : [])))",
        texts,
    )

    assert len(texts) > 5
    assert numbers == [[seat.number for seat in parse(text)] for text in texts]


def test_rows_are_lettered_as_the_rules_letter_them():
    letters = run("given.map(plan.letterAt)", list(range(700)))

    assert letters == [row_letter(place) for place in range(700)]


@pytest.mark.parametrize(
    "line", ["Some note", "A: SX", "A: rS", "A: _b", "A: S🎬", "I 1 2: S", "A: " + "S" * 51, "1: S", "Ä: S"]
)
def test_a_line_the_grid_does_not_understand_stays_as_it_was_written(line):
    text = f"A: SS\n  {line} \nB: S"

    assert run("plan.write(plan.read(given))", text) == text


def test_what_is_beyond_the_last_line_stays_as_it_was_written():
    text = "\n".join(f"{row_letter(place)}: S" for place in range(70))

    assert run("plan.read(given).filter((line) => line.unread).length", text) == 10
    assert run("plan.write(plan.read(given)).endsWith(given.slice(-30))", text) is True


def test_a_new_row_is_like_its_neighbour_without_marks_and_wheelchairs():
    row = run("plan.rowLike(plan.read(given)[0], plan.read(given))", "A 5<: SrP_WCVb")

    assert row == {
        "row": "B", "start": 5, "fromRight": True,
        "cells": [{"kind": kind, "marks": ""} if kind else None for kind in ("S", "P", None, "S", "S", "V")],
    }  # fmt: skip


@pytest.mark.parametrize(("text", "after"), [("A: S\nB: S\nC: S", "AB"), ("A: S\nC: S\nD: S", "CD")])
def test_rows_in_their_order_keep_to_it_and_others_keep_their_letters(text, after):
    program = (
        "(() => { const lines = plan.read(given); plan.withRows(lines, () => lines.shift());"
        " return lines.map((line) => line.row).join(''); })()"
    )

    assert run(program, text) == after
