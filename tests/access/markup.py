"""Markup in everything that people write: which columns that is, what is put there, and a browser that would run it."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connections, models, transaction
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Route

from tests.access.cast import undone
from tests.look.stage import KINDS, THEATRE

# Each breaks out of whatever it is put into and runs, were it not escaped; the longest that a column takes is tried.
SHAPES = (
    "'\"--></title></textarea></script><x><svg/onload=ran=1><script>ran=1</script><img src=x onerror=ran=1>",
    "'\"></script><x><svg/onload=ran=1>",
    "'\"><x>",
    "<x>",
)
LINK = "https://example.org/'\"><x><svg/onload=ran=1>"
MAILBOX = '"<x><svg/onload=ran=1>{}"@example.org'

# What people write, and each of these is poisoned.
WRITTEN = {
    "account.EmailAddress": {"email"},
    "mfa.Authenticator": {"data"},  # the name of a passkey
    "usersessions.UserSession": {"user_agent"},
    "theatre.User": {"email", "full_name", "phone"},
    "theatre.Customer": {"access_needs"},
    "theatre.Employee": {"responsibilities", "status_reason"},
    "theatre.ApiToken": {"name"},
    "theatre.AddressChange": {"old", "new"},
    "theatre.Genre": {"name"},
    "theatre.Movie": {
        "title", "certificate", "synopsis", "director", "actors", "languages", "trailer_url", "formats",
    },
    "theatre.MovieFile": {"name"},
    "theatre.Screen": {"name", "access_notes"},
    "theatre.SeatOutOfService": {"row", "reason"},
    "theatre.SeatClaim": {"note"},
    "theatre.PriceCard": {"name"},
    "theatre.Show": {"formats"},
    "theatre.ShowClosing": {"reason"},
    "theatre.ShowMove": {"reason"},
    "theatre.Booking": {"guest_name", "guest_email", "cancel_reason", "tier_name"},
    "theatre.Ticket": {"door"},
    "theatre.VipReservation": {"guest_name", "guest_email", "note"},
    "theatre.Feedback": {"text", "page", "reply_to"},
    "theatre.Thread": {"subject"},
    "theatre.Message": {"text"},
    "theatre.Review": {"text", "reason"},
    "theatre.Invitation": {"email", "full_name"},
}  # fmt: skip
# What the house makes of it, and so is poisoned by deeds and not by hand: these refuse to be changed, or are snapshots.
FOLLOWS = {
    "theatre.AuditEntry": {"reason", "details"},
    "theatre.RowChange": {"before", "after"},
    "theatre.Letter": {"to", "data", "subject"},
    "theatre.Invoice": {"facts"},
    "theatre.Seat": {"row"},
    "theatre.MoveAnswer": {"was_seats", "seats"},
    "theatre.MovieFile": {"seen", "done"},
}
# What nobody writes -> why. A column with choices is a word of the house, and a constraint holds it to them.
UNWRITTEN = {
    "drawn by chance, counted or hashed by the house": {
        "account.EmailConfirmation": {"key"},
        "sessions.Session": {"session_key", "session_data"},
        "usersessions.UserSession": {"session_key"},
        "theatre.User": {"password"},
        "theatre.Customer": {"member_number"},
        "theatre.Movie": {"slug", "poster"},
        "theatre.Booking": {"ref", "session"},
        "theatre.Ticket": {"nonce"},
        "theatre.AuditEntry": {"request_id"},
        "theatre.RowChange": {"request_id"},
        "theatre.Feedback": {"request_id"},
        "theatre.Letter": {"key", "message_id"},
        "theatre.Photo": {"mark"},
        "theatre.Invoice": {"ticket_ids"},
        "theatre.Tries": {"limit"},
    },
    "held to capitals, digits and dashes by a constraint": {"theatre.Coupon": {"code"}},
    "a network, as our own proxy names it": {
        "theatre.AuditEntry": {"address"}, "theatre.RowChange": {"address"}, "theatre.Booking": {"network"},
    },
    "words that stand in the code, or a role": {
        "theatre.AuditEntry": {"verb", "on_type", "on_id"},
        "theatre.RowChange": {"on_type", "on_id", "verb", "login"},
        "theatre.Letter": {"kind"},
        "theatre.InvoiceCounter": {"series"},
        "theatre.Invitation": {"role"},
        "theatre.Tier": {"name"},
        "theatre.Customer": {"mails"},
        "usersessions.UserSession": {"data"},
    },
    "for programs, and looked at by nobody": {
        "theatre.IdempotencyKey": {"principal", "route", "key", "answer"},
        "theatre.Payment": {"provider_ref"},
        "theatre.Letter": {"last_error"},
    },
}  # fmt: skip
OTHERS_TABLES = {"auth", "contenttypes", "procrastinate"}  # of libraries, and nobody types into them


def text_columns() -> set[str]:
    """Every column that could hold words: `theatre.Movie.title`."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model._meta.app_label not in OTHERS_TABLES
        and not field.choices
        and isinstance(_one_of(field), models.CharField | models.TextField | models.JSONField)
    }


def columns(of: dict[str, set[str]]) -> list[str]:
    return [f"{model}.{name}" for model, names in of.items() for name in sorted(names)]


def _one_of(field: models.Field) -> models.Field:
    return field.base_field if isinstance(field, ArrayField) else field


def marked(column: str) -> str:
    """What is put into this column: markup, and whose it is. What follows it in a row is the row's number."""
    label, name = column.rsplit(".", 1)
    field = _one_of(apps.get_model(label)._meta.get_field(name))
    column = column.split(".", 1)[1]
    if isinstance(field, models.EmailField):
        return MAILBOX.format(column)
    if isinstance(field, models.URLField):
        return LINK + column
    start = "/" if column == "Feedback.page" else ""
    room = (field.max_length or 500) - 6  # for the row's number
    short = "".join(re.findall(r"[A-Z]|[._]\w", column))
    for shape in SHAPES:
        for name in (column, short, ""):
            if len(shape) + len(name) <= room:
                return start + shape + name
    return SHAPES[-1]


def poison() -> dict[str, int]:
    """Markup in every written column of every row; column -> how many rows took it."""
    took = {}
    for column in columns(WRITTEN):
        label, name = column.rsplit(".", 1)
        model = apps.get_model(label)
        rows = model._base_manager.exclude(type__in=["totp", "recovery_codes"]) if name == "data" else (
            model._base_manager.all()
        )  # fmt: skip
        took[column] = sum(_poisoned(row, column) for row in rows)
    return took


def _poisoned(row: models.Model, column: str) -> bool:
    """Whether it took the markup: a constraint that refuses it is as good as a page that escapes it."""
    field = row._meta.get_field(column.rsplit(".", 1)[1])
    value: Any = marked(column)
    most = _one_of(field).max_length
    numbered = value.replace('"@', f' {row.pk}"@') if value.endswith("@example.org") else f"{value} {row.pk}"
    value = numbered if not most or len(numbered) <= most else value
    if isinstance(field, ArrayField):
        value = [value]
    if field.name == "data":
        value = {**row.data, "name": value}
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
    except IntegrityError:
        return False
    return True


# A browser ------------------------------------------------------------------------------------------------

# What would run or lead to something that runs, and all that is read: text, and what attributes and fields say.
LOOK = """() => {
  const wrong = [], read = [];
  const known = ["http:", "https:", "mailto:", "tel:", "cid:", "webcal:"];
  if (typeof ran !== "undefined") wrong.push("it ran");
  for (const each of document.querySelectorAll("*")) {
    if (["x", "iframe", "object", "embed", "base"].includes(each.localName)) wrong.push(each.outerHTML);
    if (each.localName === "script" && !each.hasAttribute("src") && !/json/.test(each.type)) wrong.push(each.outerHTML);
    for (const { localName, value } of each.attributes) {
      if (localName.startsWith("on")) wrong.push(each.outerHTML);
      read.push(value);
      if (!["href", "src", "action", "formaction", "data", "srcset"].includes(localName) || !value) continue;
      const { protocol } = new URL(value, document.baseURI);
      if (!known.includes(protocol) && !/^data:image\\//.test(value)) wrong.push(each.outerHTML);
    }
    if ("value" in each) read.push(String(each.value));
  }
  const words = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (words.nextNode())
    if (!["script", "style"].includes(words.currentNode.parentElement.localName)) read.push(words.currentNode.data);
  return [wrong.map(each => each.slice(0, 300)), read.join("\\n")];
}"""


class Reader:
    """A browser that reads what a client is answered; what it is asked for meanwhile the client is asked too."""

    def __init__(self, context: BrowserContext, database: Any) -> None:
        self.database = database
        self.page: Page = context.new_page()
        self.ask: Callable[[Request], Any] = lambda request: None
        self.refused: list[str] = []
        context.on("console", self._heard)
        context.on("dialog", self._asked)
        self.page.route("**/*", self._answer)

    def open(self, client: Client, address: str, answer: HttpResponse) -> tuple[list[str], str]:
        """What is wrong with the page that this client was answered with, and all that can be read on it."""

        def ask(request: Request) -> Any:
            if request.is_navigation_request():
                return answer
            if request.resource_type == "image":
                return None
            connections["default"] = self.database  # asked for in another greenlet, which would open its own
            with undone():
                return client.generic(
                    request.method,
                    request.url.removeprefix("http://localhost"),
                    request.post_data_buffer or b"",
                    request.headers.get("content-type", "text/plain"),
                )

        self.ask = ask
        return self._look("http://localhost" + address)

    def open_mail(self, html: str) -> tuple[list[str], str]:
        """A letter's page, by a mail program that would let it run everything."""
        self.ask = lambda request: html if request.is_navigation_request() else None
        return self._look("http://letter.example/")

    def _look(self, address: str) -> tuple[list[str], str]:
        self.refused.clear()
        self.page.goto(address)
        self.page.wait_for_timeout(30)  # what it asks for itself is there by then
        wrong, read = self.page.evaluate(LOOK)
        return [*wrong, *self.refused], read

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        self.refused.append(dialog.message)
        dialog.dismiss()

    def _answer(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = THEATRE / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "image/png"))
        elif path.startswith("/live/"):
            route.fulfill(status=204)
        elif isinstance(answer := self.ask(request), str):
            route.fulfill(body=answer, content_type="text/html; charset=utf-8")
        elif answer is None:
            route.fulfill(status=204)
        else:
            route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.headers))


def unread(read: str, of: Iterator[str] | list[str]) -> set[str]:
    """The columns whose words are nowhere in what was read; white space, and where a line may break, say nothing,
    nor do capitals."""
    together = "".join(read.replace("\u200b", "").split()).casefold()
    words = {column: marked(column).replace('"@example.org', "") for column in of}
    return {column for column in of if "".join(words[column].split()).casefold() not in together}
