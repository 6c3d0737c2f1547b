from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import refunds
from theatre.rules.refunds import Part, Payment, SoldTicket, refund

TWO = [SoldTicket(1, D("13.30")), SoldTicket(2, D("17.10"))]
BY_CARD = [Payment(9, D("30.40"))]


def test_cancelling_gives_back_what_was_paid():
    result = refund(TWO, BY_CARD)

    assert result.amount == D("30.40")
    assert result.parts == (Part(9, D("30.40")),)
    assert [ticket.ticket for ticket in result.tickets] == [1, 2]
    assert result.whole is True


def test_one_ticket_can_go_back_alone():
    result = refund(TWO, BY_CARD, [2])

    assert result.amount == D("17.10")
    assert result.parts == (Part(9, D("17.10")),)
    assert result.whole is False


def test_the_last_live_ticket_ends_the_booking():
    left = [SoldTicket(1, D("13.30"), live=False), SoldTicket(2, D("17.10"))]
    half_refunded = [Payment(9, D("30.40"), refunded=D("13.30"))]

    result = refund(left, half_refunded)

    assert [ticket.ticket for ticket in result.tickets] == [2]
    assert result.amount == D("17.10")
    assert result.whole is True
    assert refund(left, half_refunded, [2]) == result


def test_money_goes_back_through_the_payments_it_came_by():
    paid_in_parts = [
        Payment(1, D("20.00")),
        Payment(2, D("5.00"), refunded=D("5.00")),
        Payment(3, D("10.40")),
    ]

    result = refund(TWO, paid_in_parts)

    assert result.parts == (Part(1, D("20.00")), Part(3, D("10.40")))


def test_a_free_ticket_gives_back_nothing():
    result = refund([SoldTicket(1, D("0.00"))], [])

    assert (result.amount, result.parts, result.whole) == (D(0), (), True)


def test_nothing_chosen_is_refused():
    with pytest.raises(refunds.NothingToReturn) as refused:
        refund(TWO, BY_CARD, [])
    assert refused.value.sentence == "Choose at least one ticket to return"


def test_a_booking_without_live_tickets_has_nothing_to_return():
    with pytest.raises(refunds.NothingToReturn):
        refund([SoldTicket(1, D("13.30"), live=False)], BY_CARD)


def test_a_ticket_of_another_booking_is_refused():
    with pytest.raises(refunds.TicketNotInBooking) as refused:
        refund(TWO, BY_CARD, [1, 77])
    assert refused.value.data == {"tickets": [77]}


def test_a_ticket_goes_back_once():
    gone = [SoldTicket(1, D("13.30"), live=False), SoldTicket(2, D("17.10"))]

    with pytest.raises(refunds.TicketReturned) as refused:
        refund(gone, BY_CARD, [1])
    assert refused.value.data == {"tickets": [1]}


def test_a_ticket_named_twice_is_refused():
    with pytest.raises(refunds.TicketReturned) as refused:
        refund(TWO, BY_CARD, [2, 2])
    assert refused.value.sentence == "A ticket can be returned once only. One is named twice"


def test_a_refund_never_exceeds_what_was_paid():
    with pytest.raises(refunds.RefundExceedsPayments):
        refund(TWO, [Payment(9, D("30.40"), refunded=D("0.01"))])


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), max_size=4),
    st.data(),
)
def test_parts_add_up_to_the_refund_and_no_payment_gives_back_more_than_it_has(prices, paid, data):
    tickets = [SoldTicket(number, D(price).scaleb(-2)) for number, price in enumerate(prices)]
    payments = [
        Payment(n, D(amount).scaleb(-2), D(min(back, amount)).scaleb(-2))
        for n, (amount, back) in enumerate(paid)
    ]
    returning = data.draw(st.lists(st.sampled_from(range(len(prices))), min_size=1, unique=True))
    owed = sum(tickets[number].price for number in returning)

    if owed > sum(payment.left for payment in payments):
        with pytest.raises(refunds.RefundExceedsPayments):
            refund(tickets, payments, returning)
    else:
        result = refund(tickets, payments, returning)
        assert result.amount == owed == sum(part.amount for part in result.parts)
        assert all(0 < part.amount <= payments[part.payment].left for part in result.parts)
        assert result.whole is (len(returning) == len(tickets))
