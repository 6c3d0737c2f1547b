"""What a first visit weighs, gzipped: HTML 30 KB, styles 26, scripts 25, fonts 55. Film artwork is not counted."""

import gzip
import re
from pathlib import Path

import pytest

from tests import factories

THEATRE = Path(__file__).resolve().parents[2] / "theatre"
LIMITS = {"html": 30_000, "css": 26_000, "js": 25_000, "fonts": 55_000}
NODES = 1500
BIG_HALL = ["s" * 10 + "." + "s" * 10] * 4 + ["p" * 10 + "." + "p" * 10] * 11  # 300 seats


def zipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def with_imports(script: Path, seen: set[Path]) -> set[Path]:
    """A module and everything it imports."""
    if script not in seen:
        seen.add(script)
        for name in re.findall(r'from "\./([\w-]+\.js)"', script.read_text()):
            with_imports(script.parent / name, seen)
    return seen


def weigh(html: str) -> dict[str, int]:
    files = [THEATRE / path for path in re.findall(r'(?:href|src)="/(static/[^"]+\.(?:css|js|woff2))"', html)]
    scripts: set[Path] = set()
    for file in files:
        if file.suffix == ".js":
            with_imports(file, scripts)
    return {
        "html": zipped(html.encode()),
        "css": sum(zipped(file.read_bytes()) for file in files if file.suffix == ".css"),
        "js": sum(zipped(file.read_bytes()) for file in scripts),
        "fonts": sum(file.stat().st_size for file in files if file.suffix == ".woff2"),
    }


def too_heavy(html: str) -> dict[str, int]:
    weights = weigh(html)
    assert all(weights.values())
    return {what: weight for what, weight in weights.items() if weight > LIMITS[what]}


@pytest.mark.django_db
def test_home_of_a_full_evening_is_light(client):
    for _ in range(12):
        of = factories.movie(synopsis="A town that stopped going to its cinema. " * 4)
        for hours in (1, 2, 3):
            factories.show(of=of, in_hours=hours)

    html = client.get("/").content.decode()

    assert too_heavy(html) == {}


@pytest.mark.django_db
def test_seat_page_of_300_seats_is_light_and_has_few_nodes(client):
    show = factories.show(on=factories.screen(BIG_HALL))

    html = client.get(f"/shows/{show.pk}/seats/").content.decode()

    assert html.count('name="seat" value=') >= 300
    assert too_heavy(html) == {}
    assert len(re.findall(r"<[a-z]", html)) < NODES
