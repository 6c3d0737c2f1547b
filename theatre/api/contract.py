"""The API as a whole: its operations, and how each kind of no is answered."""

from typing import Any, NoReturn

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from theatre.access import NotAllowed
from theatre.api import answers, bookings, door, holds, programme
from theatre.api.bearer import TokenRefused
from theatre.api.bodies import JsonParser
from theatre.api.keys import KeyUnusable
from theatre.rules.refusals import Refused

ABOUT = """What the theatre’s pages do, for programs: the same actions, so the same answers.

Movies, shows and seats are open; everything else needs a token, sent as `Authorization: Bearer …`. Make one on your
account page. Money is a decimal text, times are RFC 3339 with an offset, and every no is
`{code, message, field}` with facts beside it.
"""

api = NinjaAPI(
    title="The theatre",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    parser=JsonParser(),
)
ROUTERS = (programme.router, holds.router, bookings.router, door.router)
for router in ROUTERS:
    api.add_router("", router)


def _broke(request: HttpRequest, fault: Any) -> NoReturn:
    raise fault  # the pages' middleware answers: 503 without books, else 500 and a log line


_NOES: dict[type[Exception], Any] = {
    Refused: answers.refused,
    NotAllowed: answers.not_allowed,
    TokenRefused: answers.token_refused,
    KeyUnusable: answers.key_unusable,
    ValidationError: answers.field_errors,
    HttpError: answers.unreadable,
    Exception: _broke,
}
for kind, said in _NOES.items():
    api.add_exception_handler(kind, said)
