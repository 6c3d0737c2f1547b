"""A queued letter becomes a mail: subject, text, HTML and what is attached.

A letter is written when it is sent, from what the database knows then and the data it was queued with. Names and
titles reach subjects as one clean line and HTML escaped, so nothing a person typed can add a header or markup.
What each kind says is in kinds/.
"""

import re
from email.mime.image import MIMEImage
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from theatre.documents import papers, words
from theatre.notices.kinds import account, bookings, movies, shows, staff, waiting
from theatre.notices.kinds.written import Kinds, QueuedLetter, Written

KINDS: Kinds = {
    **account.KINDS,
    **staff.KINDS,
    **bookings.KINDS,
    **shows.KINDS,
    **movies.KINDS,
    **waiting.KINDS,
}

_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")  # what template tags leave behind
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def compose(letter: QueuedLetter) -> EmailMultiAlternatives:
    """The mail of a queued letter: a text part, its HTML twin, the attachments, and the letter's one Message-ID."""
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        written = KINDS[letter.kind](letter, language)
        context = _context(written)
        text = render_to_string(f"mail/{written.template}.txt", context)
        html = render_to_string(f"mail/{written.template}.html", context)
    mail = EmailMultiAlternatives(
        subject=context["subject"],
        body=_tidy(text),
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated", **_stopping(written)},
    )
    mail.attach_alternative(_inliner.inline(html), "text/html")
    for code in written.codes:
        picture = MIMEImage(code.picture, "png")
        picture.add_header("Content-ID", f"<{code.name}>")
        picture.add_header("Content-Disposition", "inline", filename=f"{code.name}.png")
        mail.attach(picture)
    for each in written.attachments:
        mail.attach(each.name, each.content, each.mime)
    return mail


def _stopping(written: Written) -> dict[str, str]:
    """One press in the mail program ends letters of this kind (RFC 8058)."""
    if not written.stop:
        return {}
    return {
        "List-Unsubscribe": f"<{written.stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def as_text(written: Written) -> tuple[str, str]:
    """The subject and the text part of what would be written, for looking at it before anything is queued."""
    context = _context(written)
    return context["subject"], _tidy(render_to_string(f"mail/{written.template}.txt", context))


def _context(written: Written) -> dict[str, Any]:
    subject = words.one_line(written.subject)
    return {
        **written.context,
        "subject": subject,
        "house": papers.house(),
        "site": settings.SITE_URL,
        "stop_letters": written.stop,
    }


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"
