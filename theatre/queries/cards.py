"""Price cards: those that new shows may take, and what the office sees of them."""

from theatre.models.sql import fetch
from theatre.rules.cards import Card, Daypart

_LIVE = """
SELECT c.id, c.name, c.is_default, d.weekdays, d.begins, d.ends
FROM theatre_pricecard c LEFT JOIN theatre_pricecarddaypart d ON d.card_id = c.id
WHERE c.active ORDER BY c.name, c.id, d.id
"""


def live() -> list[Card]:
    """The cards that new shows may take, by name: what `rules.cards.card_for` chooses from. One query."""
    cards: dict[int, Card] = {}
    for id_, name, is_default, weekdays, begins, ends in fetch(_LIVE):
        before = cards.get(id_, Card(id_, name, is_default))
        part = (Daypart(frozenset(weekdays), begins, ends),) if weekdays else ()
        cards[id_] = Card(id_, name, is_default, before.dayparts + part)
    return list(cards.values())
