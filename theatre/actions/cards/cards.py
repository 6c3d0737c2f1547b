"""Price cards: made, changed, copied, retired, and one of them the default."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, refusing
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.models import PriceCard, PriceCardAmount, PriceCardDaypart
from theatre.models.sql import fetch, fetch_one
from theatre.queries.quotes import PLACES
from theatre.rules import cards as rules
from theatre.rules import money
from theatre.rules.cards import Daypart
from theatre.rules.refusals import Refused
from theatre.rules.seating import KINDS

Amounts = Mapping[tuple[str, str], Decimal]  # by seat kind and audience
LONGEST_NAME = 60
HIGHEST = Decimal(100_000)


class CardUnknown(Refused):
    """There is no card with this number."""

    code = "card_unknown"


class CardNameTaken(Refused):
    """Another card is called so."""

    code = "card_name_taken"


class AdultPriceMissing(Refused):
    """Every kind of seat has a price for an adult."""

    code = "adult_price_missing"


class AmountNotAPrice(Refused):
    """A price is above nothing and whole in the currency's smallest unit."""

    code = "amount_not_a_price"


class DefaultIsNeeded(Refused):
    """The default card is not retired: what no daypart covers would have no price."""

    code = "default_is_needed"


class CardIsRetired(Refused):
    """A retired card is nobody's default."""

    code = "card_is_retired"


@action
def make_card(
    *, by: Actor, name: str, amounts: Amounts, dayparts: Sequence[Daypart], once: Once | None = None
) -> int:
    """A new price card; its id. The first one is the default.

    Refused: CardNameTaken, AdultPriceMissing, AmountNotAPrice, and the dayparts of `rules.cards`.
    """
    require(by, Permission.MANAGE_CARDS)
    if (before := _once.begin(once)) is not None:
        return int(before["card"])
    _check(amounts, dayparts)
    with _one_of_the_name(name):
        card = PriceCard.objects.create(name=name, is_default=not _lock_default())
    _write(card, amounts, dayparts)
    record(by, "make_card", ("price_card", card.pk), name=name)
    _once.keep(once, {"card": card.pk})
    return card.pk


@action
def edit_card(*, by: Actor, card_id: int, name: str, amounts: Amounts, dayparts: Sequence[Daypart]) -> bool:
    """Store a card's name, amounts and dayparts; whether anything changed.

    Tickets that are held or sold keep their price, shows their card. Refused: CardUnknown, and as `make_card`.
    """
    require(by, Permission.MANAGE_CARDS)
    _check(amounts, dayparts)
    card = _card(card_id)
    had = {(row.kind, row.audience): row.amount for row in card.amounts.all()}
    parts = [Daypart(frozenset(row.weekdays), row.begins, row.ends) for row in card.dayparts.order_by("pk")]
    changed = [
        what
        for what, differs in (
            ("name", card.name != name), ("amounts", had != dict(amounts)), ("dayparts", parts != list(dayparts))
        )
        if differs
    ]  # fmt: skip
    if not changed:
        return False
    if "name" in changed:
        card.name = name
        with _one_of_the_name(name):
            card.save(update_fields=["name"])
    if "amounts" in changed:
        # Those that stay are changed and not made anew: the history tells from what to what.
        card.amounts.exclude(
            pk__in=[row.pk for row in card.amounts.all() if (row.kind, row.audience) in amounts]
        ).delete()
        for row in card.amounts.all():
            if row.amount != amounts[row.kind, row.audience]:
                row.amount = amounts[row.kind, row.audience]
                row.save(update_fields=["amount"])
        _add_amounts(card, {which: amount for which, amount in amounts.items() if which not in had})
    if "dayparts" in changed:
        card.dayparts.all().delete()
        _add_dayparts(card, dayparts)
    record(by, "edit_card", ("price_card", card_id), changed=changed)
    return True


@action
def copy_card(*, by: Actor, card_id: int, once: Once | None = None) -> int:
    """A card like this one under another name; its id. Without its dayparts, for two cards are not meant for the same
    shows.

    Refused: CardUnknown.
    """
    require(by, Permission.MANAGE_CARDS)
    if (before := _once.begin(once)) is not None:
        return int(before["card"])
    card = _card(card_id)
    copy = PriceCard.objects.create(name=_free_name(card.name))
    _add_amounts(copy, {(row.kind, row.audience): row.amount for row in card.amounts.all()})
    record(by, "copy_card", ("price_card", copy.pk), of=card_id, name=copy.name)
    _once.keep(once, {"card": copy.pk})
    return copy.pk


@action
def retire_card(*, by: Actor, card_id: int) -> None:
    """No new show takes it; those that have it keep it. Refused: CardUnknown, DefaultIsNeeded."""
    require(by, Permission.MANAGE_CARDS)
    card = _card(card_id)
    if card.is_default:
        raise DefaultIsNeeded(f"{card.name} is the default. Make another card the default first")
    _set_active(by, card, False)


@action
def bring_back_card(*, by: Actor, card_id: int) -> None:
    """New shows may take it again. Refused: CardUnknown."""
    require(by, Permission.MANAGE_CARDS)
    _set_active(by, _card(card_id), True)


@action
def make_default(*, by: Actor, card_id: int) -> None:
    """The card of every show that no daypart covers. Refused: CardUnknown, CardIsRetired."""
    require(by, Permission.MANAGE_CARDS)
    _lock_default()
    card = _card(card_id)
    if not card.active:
        raise CardIsRetired(f"{card.name} is retired. Bring it back first")
    if card.is_default:
        return
    before = PriceCard.objects.filter(is_default=True).first()
    PriceCard.objects.filter(is_default=True).update(is_default=False)
    card.is_default = True
    card.save(update_fields=["is_default"])
    record(by, "make_default_card", ("price_card", card_id), before=before.name if before else "")


def _card(card_id: int) -> PriceCard:
    card = PriceCard.objects.select_for_update().filter(pk=card_id).first()
    if card is None:
        raise CardUnknown("There is no such price card. Look at the list again")
    return card


def _lock_default() -> bool:
    """Whether there is a default. Who decides about it comes one after the other."""
    fetch_one("SELECT pg_advisory_xact_lock(hashtextextended('default price card', 1))")
    return bool(fetch("SELECT 1 FROM theatre_pricecard WHERE is_default FOR NO KEY UPDATE"))


def _check(amounts: Amounts, dayparts: Sequence[Daypart]) -> None:
    for kind in KINDS:
        if (kind, "adult") not in amounts:
            raise AdultPriceMissing(f"Enter what a {kind} seat costs an adult", f"{kind}_adult")
    for (kind, audience), amount in amounts.items():
        if not 0 < amount <= HIGHEST or not money.is_whole(amount, PLACES):
            raise AmountNotAPrice("Enter a price above nothing, like 12.50", f"{kind}_{audience}")
    for part in dayparts:
        rules.check_daypart(part)


def _write(card: PriceCard, amounts: Amounts, dayparts: Sequence[Daypart]) -> None:
    _add_amounts(card, amounts)
    _add_dayparts(card, dayparts)


def _add_amounts(card: PriceCard, amounts: Amounts) -> None:
    PriceCardAmount.objects.bulk_create(
        [
            PriceCardAmount(card=card, kind=kind, audience=audience, amount=amount)
            for (kind, audience), amount in amounts.items()
        ]
    )


def _add_dayparts(card: PriceCard, dayparts: Sequence[Daypart]) -> None:
    PriceCardDaypart.objects.bulk_create(
        [
            PriceCardDaypart(card=card, weekdays=sorted(part.weekdays), begins=part.begins, ends=part.ends)
            for part in dayparts
        ]
    )


def _free_name(name: str) -> str:
    """`Weekday (copy)`, or with the first free number."""
    taken = set(PriceCard.objects.values_list("name", flat=True))
    short = name[: LONGEST_NAME - 11]
    numbered = (f"{short} (copy{f' {place}' if place > 1 else ''})" for place in range(1, len(taken) + 2))
    return next(each for each in numbered if each not in taken)


def _set_active(by: Actor, card: PriceCard, active: bool) -> None:
    if card.active != active:
        card.active = active
        card.save(update_fields=["active"])
        record(by, "bring_back_card" if active else "retire_card", ("price_card", card.pk))


def _one_of_the_name(name: str) -> AbstractContextManager[None]:
    return refusing(
        theatre_pricecard_name_key=lambda: CardNameTaken(f"Another card is called {name}", "name")
    )
