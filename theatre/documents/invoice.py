"""Invoices and the credit notes that take them back: one page in the same order as the letter they go with."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from theatre.documents import paper, words
from theatre.documents.values import CreditNote, Discount, House, Invoice, InvoiceLine, Showing


def render_invoice(invoice: Invoice, *, language: str = "en") -> bytes:
    """The PDF of ``invoice``, with its sums as given. Printing it again gives the same bytes."""
    with translation.override(language):
        return paper.print_pdf(
            "invoice.typ", _invoice(invoice, language), language=language, made_at=invoice.issued_at
        )


def render_credit_note(note: CreditNote, *, language: str = "en") -> bytes:
    """The PDF of ``note``, which names the invoice it refers to. Printing it again gives the same bytes."""
    with translation.override(language):
        return paper.print_pdf(
            "invoice.typ", _credit_note(note, language), language=language, made_at=note.issued_at
        )


def _invoice(invoice: Invoice, language: str) -> dict[str, object]:
    facts = [
        (_("Paid by"), invoice.paid_by),
        (_("Sold by"), invoice.sold_by),
    ]
    sums = [(_("Tickets at list price"), words.money(invoice.list_total, invoice.currency, language))]
    sums += [(each.label, words.money(each.amount, invoice.currency, language)) for each in invoice.discounts]
    return {
        **_page(invoice, language),
        "facts": _named(facts),
        "sums": [{"label": label, "amount": amount} for label, amount in sums],
        "rule": invoice.cancellation_rule,
        "words": {
            **_words(invoice, language),
            "title": _("Invoice %(number)s") % {"number": invoice.number},
            "heading": _("Invoice %(number)s") % {"number": invoice.number},
            "customer": _("Billed to"),
            "total": _("Total"),
        },
    }


def _credit_note(note: CreditNote, language: str) -> dict[str, object]:
    day = words.date(note.invoice_issued_at, note.showing.zone, language)
    facts = [
        (_("Refers to"), _("Invoice %(number)s of %(day)s") % {"number": note.invoice_number, "day": day}),
        (_("Paid back by"), note.paid_back_by),
        (_("Issued by"), note.issued_by),
        (_("Reason"), note.reason),
    ]
    return {
        **_page(note, language),
        "facts": _named(facts),
        "sums": [],
        "rule": "",
        "words": {
            **_words(note, language),
            "title": _("Credit note %(number)s") % {"number": note.number},
            "heading": _("Credit note %(number)s") % {"number": note.number},
            "customer": _("Credited to"),
            "total": _("Returned"),
        },
    }


def _page(document: Invoice | CreditNote, language: str) -> dict[str, object]:
    house, currency = document.house, document.currency
    return {
        "house": {"name": house.name, "footer": _footer(house)},
        "seller": [house.name, *house.address.splitlines(), house.phone, house.email, _tax(house)],
        "customer": [document.customer_name or _("A guest at the counter"), document.customer_email],
        "booking": [words.spaced(document.reference), _seats(document)],
        "movie": document.showing.movie_title,
        "showing": _showing(document.showing, language),
        "lines": [_line(line, currency, language) for line in document.lines],
        "total": words.money(document.total, currency, language),
        "vat": words.money(document.vat_total, currency, language),
    }


def _words(document: Invoice | CreditNote, language: str) -> dict[str, object]:
    return {
        "issued": _("Issued %(day)s")
        % {"day": words.date(document.issued_at, document.showing.zone, language)},
        "seller": _("Seller"),
        "booking": _("Booking"),
        "columns": [_("Seat"), _("Type"), _("List price"), _("Discounts"), _("VAT included"), _("Price")],
        "vat": _("VAT included, %(rate)s%%") % {"rate": f"{document.vat_rate.normalize():f}"},
        "page": _("Page {page} of {pages}"),
    }


def _line(line: InvoiceLine, currency: str, language: str) -> dict[str, object]:
    return {
        "seat": line.seat,
        "kind": line.kind,
        "list_price": words.money(line.list_price, currency, language),
        "discounts": [_discount(discount, currency, language) for discount in line.discounts],
        "vat": words.money(line.vat, currency, language),
        "price": words.money(line.price, currency, language),
    }


def _discount(discount: Discount, currency: str, language: str) -> dict[str, str]:
    return {"label": discount.label, "amount": words.money(discount.amount, currency, language)}


def _seats(document: Invoice | CreditNote) -> str:
    count = len(document.lines)
    return ngettext("%(count)s ticket", "%(count)s tickets", count) % {"count": count}


def _showing(showing: Showing, language: str) -> str:
    when = _("%(day)s, %(start)s to about %(end)s") % {
        "day": words.long_day(showing.starts_at, showing.zone, language),
        "start": words.clock(showing.starts_at, showing.zone),
        "end": words.clock(showing.ends_at, showing.zone),
    }
    certificate = (
        _("Certificate %(certificate)s") % {"certificate": showing.certificate} if showing.certificate else ""
    )
    return ". ".join(part for part in (when, showing.screen, certificate) if part)


def _named(facts: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in facts if value]


def _tax(house: House) -> str:
    return _("VAT number %(number)s") % {"number": house.tax_number} if house.tax_number else ""


def _footer(house: House) -> str:
    return ", ".join(
        part for part in (house.name, *house.address.splitlines(), house.phone, house.email) if part
    )
