"""A ticket code is what we signed, or it is nothing."""

import random
from collections.abc import Callable, Iterable
from secrets import token_hex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.documents import codes
from theatre.documents.codes import ForgedCode, SigningKey, TicketCode, read, sign

KEY = SigningKey.from_seed("A", b"a" * 32)
KEYS = {"A": KEY.public}
IDS = st.integers(min_value=0, max_value=2**64 - 1)
NONCES = st.binary(min_size=8, max_size=8).map(bytes.hex)


@given(ticket_id=IDS, show_id=IDS, nonce=NONCES)
def test_what_was_signed_is_read_back(ticket_id: int, show_id: int, nonce: str) -> None:
    code = sign(ticket_id, show_id, nonce, KEY)

    assert read(code, KEYS) == TicketCode(1, "A", ticket_id, show_id, nonce)
    assert code.startswith("MC") and code.isalnum() and code == code.upper()
    assert len(code) == 146


def accepted_after_a_flip(bits_of: Callable[[int], Iterable[int]]) -> list[TicketCode]:
    """What is read from 200 codes, each with one bit flipped at a time: the bits that ``bits_of`` a length gives."""
    accepted = []
    for ticket_id in range(200):
        code = sign(ticket_id, 7, token_hex(8), KEY).encode()
        for bit in bits_of(len(code) * 8):
            flipped = bytearray(code)
            flipped[bit // 8] ^= 1 << bit % 8
            try:
                accepted.append(read(flipped.decode("latin-1"), KEYS))
            except ForgedCode:
                continue
    return accepted


def test_no_flipped_bit_in_200_codes_is_accepted() -> None:
    assert accepted_after_a_flip(lambda bits: random.sample(range(bits), 100)) == []


@pytest.mark.long
def test_none_of_all_flipped_bits_in_200_codes_is_accepted() -> None:
    assert accepted_after_a_flip(range) == []


@pytest.mark.parametrize(
    "code",
    ["", "MC", "MC1", "K7QM4XPA", "MC" + "A" * 144, "M" * 100_000, "বাংলা", "MC" + "A" * 143 + "=", "\x00"],
)
def test_what_is_not_a_code_is_forged(code: str) -> None:
    with pytest.raises(ForgedCode):
        read(code, KEYS)


def test_code_has_one_spelling() -> None:
    code = sign(1, 2, token_hex(8), KEY)

    for other in (code.lower(), code + " ", " " + code, code + "======", code[2:]):
        with pytest.raises(ForgedCode):
            read(other, KEYS)


def test_key_of_somebody_else_is_refused_under_our_name() -> None:
    stranger = SigningKey.from_seed("A", b"b" * 32)

    with pytest.raises(ForgedCode):
        read(sign(1, 2, token_hex(8), stranger), KEYS)


def test_retired_key_still_opens_doors_and_the_first_one_signs(settings) -> None:
    old, new = "A:" + "YWFh" * 10 + "YWE=", "B:" + "YmJi" * 10 + "YmI="
    settings.TICKET_SIGNING_KEYS = [old]
    code = sign(1, 2, token_hex(8), codes.current_key())

    settings.TICKET_SIGNING_KEYS = [new, old]

    assert codes.current_key().key_id == "B"
    assert read(code, codes.public_keys()).key_id == "A"
    settings.TICKET_SIGNING_KEYS = [new]
    with pytest.raises(ForgedCode):
        read(code, codes.public_keys())
