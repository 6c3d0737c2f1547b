"""Price cards: made, changed, copied, retired, and one of them the default."""

from datetime import datetime, time
from decimal import Decimal

import pytest

from tests import factories, people
from theatre.access import NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.booking.hold import hold_seats
from theatre.actions.cards import cards
from theatre.actions.cards.cards import (
    AdultPriceMissing,
    AmountNotAPrice,
    CardIsRetired,
    CardNameTaken,
    CardUnknown,
    DefaultIsNeeded,
)
from theatre.models import AuditEntry, PriceCard, RowChange
from theatre.queries import cards as seeing
from theatre.rules.cards import Daypart, DaypartEndsBeforeItBegins, card_for
from theatre.rules.seating import KINDS

pytestmark = pytest.mark.django_db

AMOUNTS = {(kind, "adult"): Decimal("12.50") for kind in KINDS}
MATINEE = Daypart(frozenset(range(5)), None, time(15))


@pytest.fixture
def admin():
    return people.actor_for(people.admin())


def make(admin, name="Matinee", amounts=AMOUNTS, dayparts=(MATINEE,), **more) -> int:
    return cards.make_card(by=admin, name=name, amounts=amounts, dayparts=dayparts, **more)


def seen(card_id: int) -> seeing.SeenCard:
    return next(card for card in seeing.cards() if card.card.id == card_id)


def test_first_card_is_the_default_and_what_was_typed_is_seen(admin):
    first = make(admin, "Weekday", dayparts=())
    second = make(admin, amounts={**AMOUNTS, ("standard", "child"): Decimal("8.00")})

    assert [card.card.name for card in seeing.cards()] == ["Weekday", "Matinee"]
    assert (seen(first).card.is_default, seen(second).card.is_default) == (True, False)
    assert seen(second).amounts == {**AMOUNTS, ("standard", "child"): Decimal("8.00")}
    assert seen(second).card.dayparts == (MATINEE,)
    assert card_for(datetime(2026, 3, 2, 14), seeing.live()).name == "Matinee"  # noqa: DTZ001 - a wall time
    assert card_for(datetime(2026, 3, 2, 20), seeing.live()).name == "Weekday"  # noqa: DTZ001 - a wall time


def test_same_form_sent_twice_makes_one_card(admin):
    key = once("user:1", "card", "k", {})

    assert make(admin, once=key) == make(admin, once=key)
    assert PriceCard.objects.count() == 1


def test_changed_amount_concerns_later_holds_alone_and_the_history_has_both_sides(admin):
    card = factories.price_card()
    show = factories.show(card=card)
    by = people.actor_for(people.customer())
    earlier = hold_seats(by=by, show_id=show.pk, seat_ids=factories.free_seats(show, 1))
    dearer = {**AMOUNTS, ("standard", "adult"): Decimal("14.00"), ("standard", "senior"): Decimal("9.00")}

    assert cards.edit_card(by=admin, card_id=card.pk, name=card.name, amounts=dearer, dayparts=[MATINEE])

    later = hold_seats(by=by, show_id=show.pk, seat_ids=factories.free_seats(show, 1))
    assert [hold.tickets[0]["price"] for hold in (earlier, later)] == ["11.00", "14.00"]
    changes = RowChange.objects.filter(on_type="price_card", on_id=str(card.pk), change="changed")
    assert {"amount": 11.0} in [change.before for change in changes]
    assert AuditEntry.objects.get(verb="edit_card").details == {"changed": ["amounts", "dayparts"]}
    assert seen(card.pk).shows == 1


def test_editing_nothing_writes_nothing(admin):
    card = make(admin)

    assert not cards.edit_card(by=admin, card_id=card, name="Matinee", amounts=AMOUNTS, dayparts=[MATINEE])
    assert not AuditEntry.objects.filter(verb="edit_card").exists()


def test_amount_and_daypart_that_are_taken_away_are_gone(admin):
    card = make(admin, amounts={**AMOUNTS, ("standard", "child"): Decimal(8)})

    cards.edit_card(by=admin, card_id=card, name="Any time", amounts=AMOUNTS, dayparts=[])

    assert (seen(card).amounts, seen(card).card.dayparts, seen(card).card.name) == (AMOUNTS, (), "Any time")


def test_card_is_checked_before_anything_is_written(admin):
    make(admin)

    with pytest.raises(CardNameTaken, match="Another card is called Matinee"):
        make(admin)
    with pytest.raises(AdultPriceMissing) as missing:
        make(admin, "New", {key: value for key, value in AMOUNTS.items() if key[0] != "vip"})
    for wrong in ("0", "-1", "12.505", "100001"):
        with pytest.raises(AmountNotAPrice):
            make(admin, "New", {**AMOUNTS, ("vip", "adult"): Decimal(wrong)})
    with pytest.raises(DaypartEndsBeforeItBegins):
        make(admin, "New", dayparts=[Daypart(frozenset({0}), time(15), time(14))])
    assert missing.value.field == "vip_adult"
    assert PriceCard.objects.count() == 1


def test_copy_has_the_amounts_under_a_free_name_and_no_times(admin):
    card = make(admin)

    copies = [cards.copy_card(by=admin, card_id=card) for _ in range(2)]

    assert [seen(copy).card.name for copy in copies] == ["Matinee (copy)", "Matinee (copy 2)"]
    assert all(seen(copy).amounts == AMOUNTS and not seen(copy).card.dayparts for copy in copies)
    key = once("user:1", "copy", "k", {})
    assert cards.copy_card(by=admin, card_id=card, once=key) == cards.copy_card(
        by=admin, card_id=card, once=key
    )


def test_default_is_one_and_is_not_retired(admin):
    first, second = make(admin, "Weekday", dayparts=()), make(admin)

    with pytest.raises(DefaultIsNeeded, match="Weekday is the default"):
        cards.retire_card(by=admin, card_id=first)
    cards.make_default(by=admin, card_id=second)
    cards.retire_card(by=admin, card_id=first)
    with pytest.raises(CardIsRetired):
        cards.make_default(by=admin, card_id=first)

    assert list(PriceCard.objects.filter(is_default=True).values_list("pk", flat=True)) == [second]
    assert [card.id for card in seeing.live()] == [second]
    assert [card.active for card in seeing.cards()] == [True, False]
    cards.bring_back_card(by=admin, card_id=first)
    assert [card.name for card in seeing.live()] == ["Matinee", "Weekday"]


@pytest.mark.parametrize("make_person", [people.moderator, people.salesman, people.customer])
def test_cards_are_the_admins(make_person, admin):
    by = people.actor_for(make_person())
    card = make(admin)

    for deed in (
        lambda: make(by, "Mine"),
        lambda: cards.edit_card(by=by, card_id=card, name="Mine", amounts=AMOUNTS, dayparts=[]),
        lambda: cards.copy_card(by=by, card_id=card),
        lambda: cards.retire_card(by=by, card_id=card),
        lambda: cards.bring_back_card(by=by, card_id=card),
        lambda: cards.make_default(by=by, card_id=card),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_card_that_is_not_there_is_said_so(admin):
    for deed in (cards.copy_card, cards.retire_card, cards.bring_back_card, cards.make_default):
        with pytest.raises(CardUnknown):
            deed(by=admin, card_id=999_999)
