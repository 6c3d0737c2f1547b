"""What was paid: the ledger nobody changes, payments, refunds, and papers numbered without gaps."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking, Channel, Ticket
from theatre.models.people import User


class PaymentMethod(models.TextChoices):
    DEMO = "demo"
    CASH = "cash"
    CARD = "card"
    ONLINE = "online"
    COMPLIMENTARY = "complimentary"


class LedgerEntry(models.Model):
    """Money earned or given back for one ticket. Append-only: triggers refuse update and delete.

    Revenue anywhere is a sum over `amount`: positive for a sale, negative for a return.
    """

    class Kind(models.TextChoices):
        SALE = "sale"
        RETURN = "return"

    kind = models.CharField(max_length=8, choices=Kind)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="ledger")
    at = models.DateTimeField(db_default=Now())
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    list_price = models.DecimalField(max_digits=14, decimal_places=3)
    tier_off = models.DecimalField(max_digits=14, decimal_places=3)
    coupon_off = models.DecimalField(max_digits=14, decimal_places=3)
    complimentary_off = models.DecimalField(max_digits=14, decimal_places=3)
    vat = models.DecimalField(max_digits=14, decimal_places=3)
    seller = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel)
    method = models.CharField(max_length=16, choices=PaymentMethod)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind"], name="one_sale_and_one_return_per_ticket"),
            models.CheckConstraint(
                condition=Q(kind="sale", amount__gte=0, list_price__gt=0)
                | Q(kind="return", amount__lte=0, list_price__lt=0),
                name="ledger_sign_follows_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount=F("list_price") - F("tier_off") - F("coupon_off") - F("complimentary_off")
                ),
                name="ledger_parts_add_up",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="ledger_by_time"),
            models.Index(fields=["seller", "at"], name="ledger_by_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Payment(models.Model):
    """started → captured | failed. What was given back of it can never exceed it."""

    class State(models.TextChoices):
        STARTED = "started"
        CAPTURED = "captured"
        FAILED = "failed"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=16, choices=PaymentMethod)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    refunded = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    state = models.CharField(max_length=8, choices=State)
    provider_ref = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")),
                name="refund_never_exceeds_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(state="captured") | Q(refunded=0), name="only_captured_is_refunded"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["started", "captured", "failed"]), name="payment_state"
            ),
            models.CheckConstraint(condition=Q(method__in=PaymentMethod.values), name="payment_method"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"


class Refund(models.Model):
    """Money given back: done at once at the counter, `due` until the worker has carried it out elsewhere."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        FAILED = "failed"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    state = models.CharField(max_length=8, choices=State)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(condition=Q(state__in=["due", "done", "failed"]), name="refund_state"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class InvoiceCounter(models.Model):
    """The last number given in a series and year: taken by a confirming transaction's last statement."""

    pk = models.CompositePrimaryKey("series", "year")
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class Invoice(models.Model):
    """An invoice, or the credit note that refers to one. Immutable: triggers refuse update and delete."""

    class Series(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"

    series = models.CharField(max_length=12, choices=Series)
    year = models.PositiveSmallIntegerField()  # of the theatre's calendar
    number = models.PositiveIntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="invoices")
    refers_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credit_notes")
    issued_at = models.DateTimeField(db_default=Now())
    total = models.DecimalField(max_digits=14, decimal_places=3)  # negative on a credit note
    vat = models.DecimalField(max_digits=14, decimal_places=3)
    ticket_ids = models.JSONField()  # the tickets on it
    facts = models.JSONField()  # what it says, as it was said: names, lines, seller, method

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="invoice_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(series="invoice", refers_to__isnull=True, total__gte=0)
                | Q(series="credit_note", refers_to__isnull=False, total__lte=0),
                name="credit_note_refers_to_an_invoice",
            ),
            models.UniqueConstraint(
                fields=["booking"], condition=Q(series="invoice"), name="one_invoice_per_booking"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As printed: `2026-00142`, a credit note `C2026-00007`."""
        return f"{'C' if self.series == 'credit_note' else ''}{self.year}-{self.number:05d}"
