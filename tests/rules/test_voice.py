"""The sentences of the rules keep to the theatre's voice (ux.md 2.10)."""

import ast
import re
from pathlib import Path

import pytest

import theatre
from theatre import rules

BANNED = re.compile(r"\b(invalid|please|sorry|oops|successfully|submit|forbidden)\b|!$|! ", re.IGNORECASE)
FILES = sorted(Path(rules.__path__[0]).glob("*.py"))
STRAIGHT = re.compile(r"[a-z]'(?:t|s|re|ve|ll|d|m)\b", re.IGNORECASE)
FILM = re.compile(r"\b(?:a|the|this|of|import) films?\b", re.IGNORECASE)
EVERYWHERE = sorted(
    path
    for path in Path(theatre.__path__[0]).rglob("*.py")
    # A migration is what it was; the demo's movies are about films, and the drawing of the states is for us.
    if not {"migrations", "demo"} & set(path.parts) and path.name != "states.py"
)


def words_of(path: Path) -> list[str]:
    """Every text of a module that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = [
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    docstrings = {
        id(node.body[0].value) for node in described if node.body and isinstance(node.body[0], ast.Expr)
    }
    texts = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [node.value for node in texts if id(node) not in docstrings]


def test_there_are_sentences_to_read():
    assert sum(len(words_of(path)) for path in FILES) > 300
    assert BANNED.search("Invalid seat")
    assert BANNED.search("Booked!")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_sentence_uses_a_word_that_is_not_ours(path):
    assert [text for text in words_of(path) if BANNED.search(text)] == []


def test_every_sentence_has_the_apostrophe_of_the_house_and_speaks_of_movies():
    assert STRAIGHT.search("That isn't yours") and FILM.search("a list of films")

    wrong = {
        path.name: found
        for path in EVERYWHERE
        if (found := [text for text in words_of(path) if STRAIGHT.search(text) or FILM.search(text)])
    }
    assert wrong == {}
