"""The office's navigation: who sees which way, and which one is the current."""

import re

import pytest
from django.urls import reverse

from tests import people
from tests.web.browsers import browser_of
from theatre.access import allowed
from theatre.templatetags import office as rail

pytestmark = pytest.mark.django_db


def links(page) -> list[str]:
    nav = re.search(r'<nav class="rail-nav".*?</nav>', page.content.decode(), re.S)
    assert nav
    return re.findall(r'<a href="([^"]+)"', nav[0])


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_each_sees_the_places_that_are_open_to_them_and_no_other(make):
    who = make()
    actor, places = people.actor_for(who), [place for _title, group in rail.RAIL for place in group]

    shown = links(browser_of(who).get(reverse("office")))

    assert shown == [reverse(each.name) for each in places if allowed(actor, each.permission)]


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_the_first_page_leads_to_every_other_and_says_what_for(make):
    who = make()
    page = browser_of(who).get(reverse("office"))
    main = page.content.decode().split("<main", 1)[1].split("</main>")[0]

    shown = re.findall(r'<a class="card" href="([^"]+)"', main)

    assert shown == [at for at in links(page) if at != reverse("office")]
    assert len(re.findall(r"<small>[^<]+</small></a>", main)) == len(shown)


def test_the_place_one_is_deepest_in_is_the_current_one():
    client, somebody = browser_of(people.admin()), people.salesman()

    page = client.get(reverse("person", args=[somebody.pk])).content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page.split("</nav>")[0]) == [
        reverse("people")
    ]
