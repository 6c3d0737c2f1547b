"""How a log line is written: one JSON object, UTC, with the request it belongs to and no bodies."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")


# Links out of letters are keys while they are good.
_KEY_IN_ADDRESS = re.compile(
    r"(/account/(?:password/new|confirm|address/confirm|address/stop|invitation)/)[^\s\"'?]+"
)


class JsonLine(logging.Formatter):
    """`{"at": …, "level": …, "logger": …, "request": …, "message": …}`, with the trace of an exception. A key in an
    address is left out."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        shown = {name: _KEY_IN_ADDRESS.sub(r"\1…", text) for name, text in line.items()}
        return json.dumps(shown, ensure_ascii=False)
