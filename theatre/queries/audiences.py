"""What a show's price card asks for each kind of seat and each audience."""

from decimal import Decimal

from theatre.models.sql import fetch

_AMOUNTS = """
SELECT a.kind, a.audience, a.amount
FROM theatre_show s JOIN theatre_pricecardamount a ON a.card_id = s.card_id WHERE s.id = %s ORDER BY a.id
"""


def amounts_of(show_id: int) -> dict[tuple[str, str], Decimal]:
    """The amounts of the show's card by seat kind and audience, in the theatre's currency. One query."""
    return {(kind, audience): amount for kind, audience, amount in fetch(_AMOUNTS, [show_id])}
