"""Templates keep to the house: no inline code, no banned words, no address of anybody else."""

import re
from pathlib import Path

import pytest

THEATRE = Path(__file__).resolve().parents[2] / "theatre"
PAGES = [
    page
    for page in sorted((THEATRE / "templates").rglob("*.html"))
    if page.relative_to(THEATRE / "templates").parts[0] not in ("mail", "mailbox")
]
BANNED = re.compile(r"\b(invalid|oops|please|successfully|submit|sorry)\b", re.IGNORECASE)

STRAIGHT = re.compile(r"[a-z]+'(?:t|s|re|ve|ll|d|m)\b", re.IGNORECASE)


def ids(page: Path) -> str:
    return str(page.relative_to(THEATRE / "templates"))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_page_has_no_inline_style_or_script(page):
    html = page.read_text()

    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", html) == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_page_speaks_in_the_voice_of_the_house(page):
    words = re.sub(r"{#.*?#}|{%.*?%}(?<!translate)|<[^>]*>", " ", page.read_text())
    said = " ".join(re.findall(r'translate "([^"]*)"', page.read_text()))

    assert BANNED.findall(words + " " + said) == []
    assert "!" not in said


def test_every_page_and_letter_has_the_apostrophe_of_the_house():
    assert STRAIGHT.search('{% translate "It isn\'t" %}')

    wrong = {
        ids(file): found
        for file in sorted((THEATRE / "templates").rglob("*"))
        if file.is_file() and (found := STRAIGHT.findall(re.sub(r"{#.*?#}", "", file.read_text())))
    }
    assert wrong == {}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_page_says_a_role_by_its_word(page):
    """The word in the database is for programs: people read `words.role`."""
    shown = re.findall(r"{{ ([\w.]*\brole)(?:\|\w+)* }}", page.read_text())
    worded = re.findall(r"{{ ([\w.]*\brole)\|role(?:_within)? }}", page.read_text())
    given = re.findall(r"with role=[\w.]+\|role_within", page.read_text())

    assert shown == worded + ["role"] * len(given)


def test_style_sheets_and_scripts_ask_nobody_else():
    for file in [*(THEATRE / "static" / "css").glob("*.css"), *(THEATRE / "static" / "js").glob("*.js")]:
        assert re.findall(r"https?://(?!www\.w3\.org)", file.read_text()) == [], file.name
