"""What people say about the house's pages."""

from config.logs import request_id
from theatre.access import Actor
from theatre.actions import limits
from theatre.actions._doors import action, origin, record
from theatre.models.sql import fetch
from theatre.rules.limits import FEEDBACK_OF_NETWORK, network

_KEEP = """
INSERT INTO theatre_feedback (text, page, reply_to, by_id, request_id, state)
VALUES (%s, %s, %s, %s, %s, 'new') RETURNING id
"""
_SLOW = "That was a lot of feedback at once. Wait %s, then send this one"


def send_feedback(*, by: Actor, text: str, page: str, reply_to: str) -> None:
    """Keep a message about a page for the office to sort; anybody may send one, and nobody has to say who they are.

    `page` is an address within the house or empty. Refused: TooManyTries beyond the limit of one network.
    """
    limits.refuse_beyond(FEEDBACK_OF_NETWORK, network(by.network or origin.get()), _SLOW, "text")
    _keep(by, text, page, reply_to)


@action
def _keep(by: Actor, text: str, page: str, reply_to: str) -> None:
    [(number,)] = fetch(_KEEP, [text, page[:300], reply_to, by.user_id, request_id.get()])
    record(by, "send_feedback", ("feedback", number), page=page[:300])
