"""Invoices and credit notes say what was charged, in words a person and a machine can read."""

from decimal import Decimal

import pytest

from tests.documents import pdfs
from tests.documents.samples import credit_note, invoice, showing
from tests.documents.test_ticket import WEIRD_TITLES
from theatre.documents.invoice import render_credit_note, render_invoice


def test_invoice_says_what_was_charged_and_why() -> None:
    text = pdfs.words(render_invoice(invoice()))

    for fact in (
        "Invoice 2026-00142",
        "Issued 23 November 2026",
        "VAT number DE 123456789",
        "Maya Rahman",
        "maya@example.com",
        "K7QM 4XPA",
        "The Long Exposure",
        "Thursday 26 November 2026, 20:15 to about 22:41",
        "Screen 2, the Lantern",
        "Certificate 15",
        "F 7 Premium €14.00 Silver member, 5% −€0.70 Coupon SUMMER15, 15% −€2.00 €0.74 €11.30",
        "Tickets at list price €28.00",
        "Coupon SUMMER15, 15% −€4.00",
        "Total €22.60",
        "VAT included, 7% €1.48",
        "Paid by Card, at the counter",
        "Sold by Tomás Silva",
        "Tickets can be cancelled until 2 hours before the movie.",
    ):
        assert fact in text


def test_invoice_is_accessible_and_archivable() -> None:
    pdf = render_invoice(invoice())

    pdfs.assert_accessible(pdf, title="Invoice 2026-00142")
    assert {"/H1", "/Table", "/TH", "/TD"} <= pdfs.structure(pdf)
    assert len(pdf) < 150_000


def test_long_invoice_repeats_its_head_on_every_page() -> None:
    pdf = render_invoice(invoice(50))

    assert pdfs.pages(pdf) == 3
    assert pdfs.words(pdf).count("List price") == 3
    assert "Page 3 of 3" in pdfs.words(pdf)


def test_walk_in_without_name_is_a_guest_at_the_counter() -> None:
    text = pdfs.words(render_invoice(invoice(customer_name="", customer_email="", discounts=())))

    assert "Billed to A guest at the counter" in text


def test_money_has_the_currencys_own_places() -> None:
    assert "JP¥1,400" in pdfs.words(render_invoice(invoice(currency="JPY", total=Decimal(1400))))
    assert "28.125" in pdfs.words(render_invoice(invoice(currency="KWD", total=Decimal("28.125"))))


def test_credit_note_refers_to_its_invoice() -> None:
    pdf = render_credit_note(credit_note(reason="Cancelled by the guest"))
    text = pdfs.words(pdf)

    for fact in (
        "Credit note C2026-00007",
        "Invoice 2026-00142 of 23 November 2026",
        "F 8",
        "Returned €11.30",
        "Paid back by Card, at the counter",
        "Reason Cancelled by the guest",
    ):
        assert fact in text
    pdfs.assert_accessible(pdf, title="Credit note C2026-00007")


def test_printing_again_gives_the_same_bytes() -> None:
    assert render_invoice(invoice()) == render_invoice(invoice())


@pytest.mark.parametrize("name", WEIRD_TITLES.values(), ids=WEIRD_TITLES.keys())
def test_any_name_is_printed_as_text(name: str) -> None:
    pdf = render_invoice(
        invoice(
            customer_name=name[:200],
            customer_email="x" * 200 + "@example.com",
            showing=showing(name, certificate=""),
        )
    )

    pdfs.assert_accessible(pdf, title="Invoice 2026-00142")
    assert pdfs.pages(pdf) <= 2
