"""Price cards: those that new shows may take, and what the office sees of them."""

from dataclasses import dataclass
from decimal import Decimal

from theatre.models.sql import fetch
from theatre.rules.cards import Card, Daypart

_PARTS = """
SELECT c.id, c.name, c.is_default, d.weekdays, d.begins, d.ends
FROM theatre_pricecard c LEFT JOIN theatre_pricecarddaypart d ON d.card_id = c.id
"""


def live() -> list[Card]:
    """The cards that new shows may take, by name: what `rules.cards.card_for` chooses from. One query."""
    return _cards(" WHERE c.active ORDER BY c.name, c.id, d.id")


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A price card as the office sees it. `amounts` are by seat kind and audience, VAT contained; `shows` those to come
    that have it."""

    card: Card
    active: bool
    amounts: dict[tuple[str, str], Decimal]
    shows: int


_AMOUNTS = """
SELECT c.id, c.active, coming.number, a.kinds, a.audiences, a.amounts
FROM theatre_pricecard c
CROSS JOIN LATERAL (
  SELECT count(*) AS number FROM theatre_show s
  WHERE s.card_id = c.id AND s.state IN ('planned', 'on_sale') AND s.ends_at > clock_timestamp()
) coming
CROSS JOIN LATERAL (
  SELECT array_agg(kind ORDER BY id) AS kinds, array_agg(audience ORDER BY id) AS audiences,
         array_agg(amount ORDER BY id) AS amounts
  FROM theatre_pricecardamount WHERE card_id = c.id
) a
"""


def cards() -> list[SeenCard]:
    """Every card: those in use first, the default before all, by name. Two queries."""
    facts = {
        id_: (
            active,
            dict(zip(zip(kinds or (), audiences or (), strict=True), amounts or (), strict=True)),
            shows,
        )
        for id_, active, shows, kinds, audiences, amounts in fetch(_AMOUNTS)
    }
    found = [
        SeenCard(card, *facts[card.id]) for card in _cards(" ORDER BY c.name, c.id, d.id") if card.id in facts
    ]
    return sorted(found, key=lambda seen: (not seen.active, not seen.card.is_default))


def _cards(which: str) -> list[Card]:
    cards: dict[int, Card] = {}
    # nosemgrep: sql-with-values-in-its-text - one of the two parts of this file
    for id_, name, is_default, weekdays, begins, ends in fetch(_PARTS + which):
        before = cards.get(id_, Card(id_, name, is_default))
        part = (Daypart(frozenset(weekdays), begins, ends),) if weekdays else ()
        cards[id_] = Card(id_, name, is_default, before.dayparts + part)
    return list(cards.values())
