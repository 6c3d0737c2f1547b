"""Ending a kind of letter by its own link: whoever holds the letter may."""

import json

from theatre.access import Actor
from theatre.actions._doors import action, record
from theatre.models.sql import change
from theatre.queries import wishes
from theatre.rules.roles import Role


@action
def stop_letters(*, customer_id: int, kind: str) -> bool:
    """This customer gets no more letters of this kind; whether they did before. Nothing happens for nobody."""
    wish = wishes.wish(customer_id, kind)
    if wish is None or not wish.wanted:
        return False
    if kind == "follows":
        change("DELETE FROM theatre_moviefollow WHERE customer_id = %s", [customer_id])
    else:
        change(
            "UPDATE theatre_customer SET mails = mails || %s::jsonb WHERE id = %s",
            [json.dumps({kind: False}), customer_id],
        )
    record(Actor(user_id=wish.user_id, role=Role.CUSTOMER), "stop_letters", ("user", wish.user_id), kind=kind)
    return True
