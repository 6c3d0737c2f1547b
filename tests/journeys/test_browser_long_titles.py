"""Titles as long as the office may type them, and words that cannot be broken: every page that names a movie stays in
its width, and the title in its box."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.dispatch import receiver
from django.test.signals import template_rendered
from playwright.sync_api import Page

from tests import factories, people
from tests.actions.test_show_move import moved_to
from tests.actions.test_waiting import sold_out
from tests.journeys.test_browser_people import enter
from theatre.actions.booking import waiting
from theatre.actions.movies import files, releasing
from theatre.actions.movies.follow import follow_movie
from theatre.actions.screens.out_of_service import take_out
from theatre.actions.shows import cancel
from theatre.models import Letter
from theatre.notices import letters
from theatre.notices.kinds.written import QueuedLetter
from theatre.queries import links
from theatre.queries.quotes import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 390, 320)
TITLES = {
    "a word of 30 letters": "Die Donaudampfschifffahrtskapitäns",
    "a word of 63 letters": "Rinderkennzeichnungsfleischetikettierungsüberwachungsaufgabenübertragung"[:63],
    "400 letters and no space": "Taumatawhakatangi" * 23 + "hangakoaua"[:9],
    "many words": (
        "The Assassination of Jesse James by the Coward Robert Ford and Other Stories of the West " * 4
    )[:400],
}
TEMPLATES = Path(__file__).resolve().parents[2] / "theatre" / "templates"
NAMES_A_MOVIE = re.compile(r"\{\{[^}]*(?:\w\.title|\.movie)\b")

# What is wider than the window; and words of the title that stand outside a box they are in. Not looked at is what is
# cut short on purpose, with an ellipsis.
OUTSIDE = """title => {
  const start = title.slice(0, 12), found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const on = node.parentElement;
    if (!node.textContent.includes(start) || !on.checkVisibility()) continue;
    if (on.closest('.vh, script, select')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (let up = on; up && up !== document.documentElement; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible') break;
      if (style.display === 'inline' || style.display === 'contents') continue;
      const out = [...range.getClientRects()].some(box => box.right > up.getBoundingClientRect().right + 1);
      if (out) { found.add(`runs out of ${up.tagName} ${up.className}`); break; }
    }
  }
  const over = document.documentElement.scrollWidth - innerWidth;
  return over > 0 ? [`${over} pixels too wide`, ...found] : [...found];
}"""


@pytest.fixture
def drawn() -> Iterator[set[str]]:
    """The names of the templates that are drawn meanwhile."""
    names: set[str] = set()

    @receiver(template_rendered, weak=False)
    def note(template, **_) -> None:
        names.add(template.name or "")

    yield names
    template_rendered.disconnect(note)


class Programme:
    """A movie that is shown, and one that is to come, on every page that names one."""

    def __init__(self, title: str) -> None:
        self.seller = people.admin(name="Ada Lumen")
        self.boss = people.actor_for(self.seller)
        self.maya = people.customer(name="Maya Rahman")
        self.of = factories.movie(title, release_date=datetime(2025, 5, 1, tzinfo=UTC).date())
        self.soon = factories.movie(title, director="Bo Ferrant", state="draft")
        releasing.announce_movie(by=self.boss, movie_id=self.soon.pk)
        follow_movie(by=people.actor_for(self.maya), movie_id=self.soon.pk)
        self.show = factories.show(of=self.of, in_hours=1)
        tonight = factories.booked(by=self.maya, of=self.show)
        held = factories.held(by=self.maya, of=factories.show(of=self.of, in_hours=26))
        ended = factories.held(by=self.maya, of=factories.show(of=self.of, in_hours=27))
        factories.lapse(ended)
        booked = factories.booked(by=self.maya, of=factories.show(of=self.of, in_hours=50))
        free = factories.free_seats(booked.show)
        cancelled = factories.cancelled(by=self.maya, of=factories.show(of=self.of, in_hours=51))
        full, _ = sold_out(of=self.of, in_hours=52)
        waiting.ask_for_seats(by=people.actor_for(self.maya), show_id=full.pk, seats=1)
        moved = factories.show(of=self.of, in_hours=53)
        of_moved = factories.booked(by=self.maya, of=moved)
        moved_to(moved, self.boss, hours=1)
        closed = factories.show(of=self.of, in_hours=54)
        factories.booked(by=self.maya, of=closed)
        cancel.cancel_show(by=self.boss, show_id=closed.pk, reason="Water in the cellar")
        vip = factories.vip(of=self.show)
        sale = factories.held(by=self.boss, of=self.show, seats=1)
        sold = factories.booked(by=self.boss, of=self.show, seats=1)
        file = files.look_through(
            by=self.boss,
            data=json.dumps([{"Title": title, "Release Date": "Nov 11 2016"}]).encode(),
            name="movies.json",
        )
        take_out(
            by=self.boss,
            screen_id=self.show.screen_id,
            row="K",
            number=3,
            reason="Torn",
            show_id=self.show.pk,
        )
        day = self.show.starts_at.astimezone(ZONE).date().isoformat()
        later = (self.show.starts_at + timedelta(days=9)).astimezone(ZONE).date().isoformat()
        change = f"/bookings/{booked.ref}/change/"
        self.customers = [
            "/",
            f"/?day={day}",
            "/coming-soon/",
            "/search/?q=e",
            f"/movies/{self.of.slug}/",
            f"/movies/{self.soon.slug}/",
            f"/movies/{self.soon.slug}/tell-me/",
            f"/shows/{held.show_id}/seats/#map",
            f"/shows/{held.show_id}/seats/list/",
            f"/shows/{full.pk}/seats/",
            f"/shows/{full.pk}/waiting/",
            f"/checkout/{held.ref}/",
            f"/checkout/{ended.ref}/",
            *(f"/bookings/{one.ref}/" for one in (tonight, booked, cancelled, of_moved)),
            f"/bookings/{booked.ref}/cancel/",
            change,
            f"{change}?show={booked.show_id}",
            f"{change}?show={booked.show_id}&seat={free[0]}&seat={free[1]}",
            links.to_moved(of_moved.pk),
            f"{links.to_moved(of_moved.pk)}seats/",
            "/tickets/",
            "/tickets/offline/",
            "/tickets/?show=cancelled",
            "/account/watching/",
        ]
        self.staff = [
            "/office/movies/",
            *(f"/office/movies/{self.of.pk}/{step}" for step in ("", "edit/", "delete/")),
            *(f"/office/movies/{self.soon.pk}/{step}" for step in ("", "open/")),
            f"/office/movies/import/{file}/",
            f"/office/shows/?day={day}",
            f"/office/shows/copy/?first={day}&days=1&to={later}",
            *(f"/office/shows/{self.show.pk}/{step}" for step in ("", "cancel/", "move/")),
            f"/office/shows/{closed.pk}/cancel/",
            f"/office/shows/{moved.pk}/move/",
            "/office/vip/?span=coming",
            f"/office/vip/new/?day={day}",
            f"/office/vip/shows/{self.show.pk}/",
            f"/office/vip/{vip.pk}/",
            f"/office/screens/{self.show.screen_id}/",
            "/counter/",
            f"/counter/shows/{self.show.pk}/",
            f"/counter/sales/{sale.ref}/",
            f"/counter/sales/{sold.ref}/",
            "/counter/sales/",
            f"/bookings/{booked.ref}/",
        ]


def naming() -> set[str]:
    """The templates of pages that name a movie."""
    return {
        path.relative_to(TEMPLATES).as_posix()
        for room in ("browse", "counter", "customer", "office", "parts")
        for path in (TEMPLATES / room).glob("*.html")
        if NAMES_A_MOVIE.search(path.read_text())
    }


def wrong(page: Page, title: str) -> list[str]:
    """What is too wide on the page that stands there, in each of the windows."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {each}" for each in page.evaluate(OUTSIDE, title)]
    return found


@pytest.mark.parametrize("title", TITLES.values(), ids=list(TITLES))
def test_every_page_that_names_a_movie_holds_any_title(visit, drawn, title):
    programme = Programme(title)
    guest, office = visit(), visit()
    enter(guest, programme.maya)
    enter(office, programme.seller)
    found, unnamed = {}, []

    for person, paths in ((guest, programme.customers), (office, programme.staff)):
        for path in paths:
            person.page.goto(person.address + path)
            if title[:12] not in person.page.content():
                unnamed.append(path)
            if troubles := wrong(person.page, title):
                found[path] = troubles
        person.page.goto("about:blank")

    assert found == {}
    assert unnamed == []
    assert naming() - drawn == set()


@pytest.mark.parametrize("title", TITLES.values(), ids=list(TITLES))
def test_every_letter_that_names_a_movie_holds_any_title(visit, title):
    Programme(title)
    cancel.give_back_cancelled_shows()
    reader, found = visit(), {}

    for row in Letter.objects.order_by("pk"):
        queued = QueuedLetter(
            row.pk,
            row.key,
            row.kind,
            row.to,
            row.booking_id,
            row.user_id,
            row.data,
            "<1@example.org>",
            1,
            row.queued_at,
        )
        html = letters.compose(queued).alternatives[0][0]
        reader.page.set_content(html)
        if troubles := wrong(reader.page, title):
            found[row.kind] = troubles

    assert found == {}
