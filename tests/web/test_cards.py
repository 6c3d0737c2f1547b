"""The office's price cards: the list, one of them, what a ticket costs when, and the default."""

from datetime import time
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import PriceCard, PriceCardDaypart
from theatre.queries import cards as seeing
from theatre.rules.cards import Daypart

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    return browser_of(people.admin())


def typed(**wanted) -> dict[str, object]:
    adults = {"standard": "13", "premium": "15.50", "vip": "20", "wheelchair": "9,50", "companion": "1"}
    return {
        "name": "Weekend", "key": "", **{f"{kind}_adult": price for kind, price in adults.items()}, **wanted,
    }  # fmt: skip


def default_card(**wanted) -> PriceCard:
    card = factories.price_card(**wanted)
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    return card


def seen(name: str) -> seeing.SeenCard:
    return next(each for each in seeing.cards() if each.card.name == name)


def test_without_a_card_the_list_says_what_to_do(office):
    page = office.get(reverse("price_cards"))

    assert "No price card yet The first is the default" in words_of(page)


@pytest.mark.parametrize("number", [1, 3])
def test_the_office_asks_as_often_for_many_cards(office, number):
    for _ in range(number):
        card = factories.price_card()
        PriceCardDaypart.objects.create(card=card, weekdays=[5, 6])
        for hours in range(number):
            factories.show(card=card, in_hours=24 + hours)
    asked = {}
    for name, address in (
        ("cards", reverse("price_cards")),
        ("new", reverse("price_card_new")),
        ("card", reverse("price_card", args=[card.pk])),
    ):
        office.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        asked[name] = len(queries)

    assert asked == {"cards": 4, "new": 2, "card": 5}


# Made and changed -----------------------------------------------------------------------------------------------


def test_a_card_is_made_once_with_its_prices_and_times(office):
    default_card(name="Usual")
    given = typed(
        key=hidden(office.get(reverse("price_card_new")), "key"),
        standard_child="9", days_0=["5", "6"], days_1=["4"], begins_1="17:00", days_2=["0"], begins_2="10.00",
        ends_2="12:30:00",
    )  # fmt: skip

    for _ in range(2):
        done = office.post(reverse("price_card_new"), given)
        assert done.status_code == 302

    made = seen("Weekend")
    assert made.amounts["wheelchair", "adult"] == Decimal("9.5")
    assert made.amounts["standard", "child"] == Decimal("9")
    assert len(made.amounts) == 6
    assert made.card.dayparts == (
        Daypart(frozenset({5, 6})),
        Daypart(frozenset({4}), time(17)),
        Daypart(frozenset({0}), time(10), time(12, 30)),
    )
    assert PriceCard.objects.count() == 2
    words = words_of(office.get(reverse("price_cards")))
    assert "Saturday and Sunday; Friday from 17:00; Monday from 10:00 to 12:30" in words
    assert "Children pay €9.00 standard" in words


def test_a_card_is_changed_from_what_it_was(office):
    office.post(
        reverse("price_card_new"), typed(days_0=["5"], ends_0="15:00", senior_x="", standard_senior="11.50")
    )
    made = seen("Weekend")
    address = reverse("price_card", args=[made.card.id])

    page = office.get(address)
    for there in ('value="13.00"', 'value="11.50"', 'value="15:00"', 'value="5" id="id_days_0_5" checked'):
        assert there in page.content.decode(), there
    same = office.post(address, typed(days_0=["5"], ends_0="15:00", standard_senior="11.50"), follow=True)
    changed = office.post(address, typed(name="Saturday", days_0=["5"], standard_senior=""), follow=True)

    assert "Nothing was changed" in words_of(same)
    assert "Saved" in words_of(changed)
    assert seen("Saturday").card.dayparts == (Daypart(frozenset({5})),)
    assert ("standard", "senior") not in seen("Saturday").amounts


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter a name, like Matinee"),
        ("name", "x" * 61, "Use 60 characters or fewer"),
        ("name", "Usual", "Another card is called Usual"),
        ("standard_adult", "", "Enter what this seat costs an adult"),
        ("standard_adult", "free", "Enter a price like 12.50"),
        ("standard_adult", "12.505", "Enter a price like 12.50"),
        ("standard_adult", "1e3", "Enter a price like 12.50"),
        ("standard_adult", "NaN", "Enter a price like 12.50"),
        ("standard_adult", "-4", "Enter a price like 12.50"),
        ("standard_adult", "0", "Enter a price above nothing, up to 100,000"),
        ("standard_adult", "100000.01", "Enter a price above nothing, up to 100,000"),
        ("vip_student", "9" * 12, "Enter a price above nothing, up to 100,000"),
        ("vip_student", "9" * 13, "Use 12 characters or fewer"),
        ("days_0", ["7"], "Choose from Monday to Sunday"),
        ("days_0", ["x"], "Choose from Monday to Sunday"),
        ("begins_0", "10:00", "Choose the days these times are for"),
        ("ends_1", "25:00", "Enter the time like 17:00"),
    ],
)
def test_what_does_not_fit_a_card_is_said_and_kept(office, field, value, sentence):
    default_card(name="Usual")
    office.post(reverse("price_card_new"), typed(name="Other"))
    other = seen("Other")

    made = office.post(reverse("price_card_new"), typed(**{field: value}))
    changed = office.post(reverse("price_card", args=[other.card.id]), typed(**{field: value}))

    for page in (made, changed):
        assert page.status_code == 422
        assert sentence in words_of(page)
        assert 'value="15.50"' in page.content.decode()
    assert PriceCard.objects.count() == 2
    assert seen("Other") == other


def test_times_that_end_before_they_begin_are_said_at_their_field(office):
    page = office.post(reverse("price_card_new"), typed(days_2=["0"], begins_2="22:00", ends_2="02:00"))

    assert page.status_code == 422
    assert "02:00 is not after 22:00. Leave the second time empty for the day’s end" in words_of(page)
    assert 'href="#id_ends_2"' in page.content.decode()
    assert not PriceCard.objects.exists()


# What a ticket costs when ---------------------------------------------------------------------------------------


def preview(office: Client, **wanted) -> str:
    return words_of(office.post(reverse("price_card_new"), typed(preview="1", fragment="1", **wanted)))


def test_the_preview_is_a_sentence_for_every_audience_and_saves_nothing(office):
    said = preview(office, days_0=["5", "6"], standard_child="9", vip_child="15", standard_student="11.50")

    assert said == (
        "What a ticket will cost Saturday and Sunday"
        " Adults pay €13.00 standard, €15.50 premium, €20.00 VIP recliner, €9.50 wheelchair space"
        " and €1.00 companion seat"
        " Children pay €9.00 standard and €15.00 VIP recliner Students pay €11.50 standard"
    )
    assert not PriceCard.objects.exists()


def test_where_only_adults_have_a_price_everybody_pays_it(office):
    assert "Only where somebody chooses this card Everybody pays €13.00 standard, €15.50 premium" in preview(
        office
    )


def test_a_card_with_shorter_times_is_named(office):
    office.post(reverse("price_card_new"), typed(name="Late", days_0=["4", "5"], begins_0="22:00"))

    assert "Late is taken" not in preview(office, days_0=["0"])
    assert "Saturday: Late is taken at some of these times, for its own are shorter" in preview(
        office, days_0=["5"]
    )
    assert "Every day from 22:00: Late is taken at some of these times" in preview(
        office, days_0=list("0123456"), begins_0="22:00"
    )
    assert (
        "Friday and Saturday from 22:00: Late is taken instead, for its times are shorter. This one can still be chosen"
        in preview(office, days_0=["4", "5"], begins_0="22:00")
    )


def test_while_a_price_cannot_be_read_the_preview_says_so(office):
    assert preview(office, standard_adult="x") == (
        "What a ticket will cost It shows here when every price can be read."
    )
    whole = office.post(reverse("price_card_new"), typed(preview="1", standard_adult="x"))
    assert whole.status_code == 422
    assert 'value="15.50"' in whole.content.decode()


def test_the_week_says_which_card_a_show_takes(office):
    default_card(name="Usual")
    office.post(reverse("price_card_new"), typed(days_0=["5", "6"], days_1=["4"], begins_1="17:00"))
    PriceCard.objects.filter(pk=factories.price_card(name="Gone").pk).update(active=False)

    words = words_of(office.get(reverse("price_cards")))

    assert "Friday Usual Usual Weekend Weekend Weekend Saturday Weekend Weekend" in words
    assert "Monday Usual Usual Usual Usual Usual Tuesday" in words


# Copied, retired, the default -----------------------------------------------------------------------------------


def test_a_card_is_copied_once_without_its_times(office):
    office.post(reverse("price_card_new"), typed(days_0=["5"], standard_child="9"))
    made = seen("Weekend")
    key = hidden(office.get(reverse("price_cards")), "key")

    for _ in range(2):
        done = office.post(reverse("price_card_copy", args=[made.card.id]), {"key": key})

    copy = seen("Weekend (copy)")
    assert (copy.amounts, copy.card.dayparts) == (made.amounts, ())
    assert done.url == reverse("price_card", args=[copy.card.id])
    assert PriceCard.objects.count() == 2


def test_the_default_is_one_and_is_not_retired(office):
    usual, other = default_card(name="Usual"), factories.price_card(name="Other")

    said = office.post(reverse("price_card_retire", args=[usual.pk]), follow=True)
    assert "Usual is the default. Make another card the default first" in words_of(said)
    office.post(reverse("price_card_default", args=[other.pk]))
    office.post(reverse("price_card_retire", args=[usual.pk]))
    refused = office.post(reverse("price_card_default", args=[usual.pk]), follow=True)
    assert "Usual is retired. Bring it back first" in words_of(refused)
    office.post(reverse("price_card_bring_back", args=[usual.pk]))

    assert [(each.card.name, each.active, each.card.is_default) for each in seeing.cards()] == [
        ("Other", True, True), ("Usual", True, False),
    ]  # fmt: skip


def test_a_card_says_how_many_shows_have_it(office):
    show = factories.show()

    page = office.get(reverse("price_card", args=[show.card_id]))

    assert "1 show to come has this card. A changed price counts from the next hold on" in words_of(page)


@pytest.mark.parametrize("card", [999_999, 2**63, int("9" * 40)])
def test_a_card_that_is_not_there_is_not_found(office, card):
    address = f"/office/price-cards/{card}/"

    assert office.get(address).status_code == 404
    for deed in ("copy", "retire", "bring-back", "default"):
        assert office.post(f"{address}{deed}/").status_code == 404
