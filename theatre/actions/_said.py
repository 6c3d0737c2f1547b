"""Who writes what no action writes: allauth saves rows by itself, and the history is told whose press it was."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from config.logs import request_id
from theatre.access import Actor
from theatre.actions._doors import origin

# The watched tables that allauth writes to.
_WRITES = re.compile(
    r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(theatre_user|mfa_authenticator)\b', re.IGNORECASE
)


@contextmanager
def said_by(by: Callable[[], Actor], verb: str) -> Iterator[None]:
    """Every row that is written within says in its history who, what and from where (docs/audit.md).

    Said once a write and in the write's own transaction, so that nothing of it is left on the connection. It costs a
    statement: not for actions, whose entry says it. `by` is asked at the first write.
    """

    def tell(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not _WRITES.match(sql):
            return execute(sql, params, many, context)
        actor = by()
        said = {
            "actor": actor.user_id,
            "verb": verb,
            "request": request_id.get(),
            "address": origin.get() or actor.network,
        }
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('theatre.said', %s, true)", [json.dumps(said)])
            return execute(sql, params, many, context)

    with connection.execute_wrapper(tell):
        yield
