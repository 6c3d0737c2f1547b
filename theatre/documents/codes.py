"""The code in a ticket's QR: who signed it, for which ticket, show and seat assignment.

A code is ``MC`` and unpadded base32, so that a QR code holds it in its dense alphanumeric mode and a keyboard
scanner types it under any layout. Inside: version, key id, ticket id, show id, nonce, Ed25519 signature. The door
needs only the public keys; whether the ticket was returned, re-seated (its nonce has changed) or used already is
asked of the database.
"""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

PREFIX = "MC"
VERSION = 1

_FACTS = struct.Struct(">BcQQ8s")
_SIGNATURE_BYTES = 64
# Signed with the facts, so that a signature made by this key for anything else can never be passed off as a ticket.
_PURPOSE = b"movie-counter ticket\x00"


class ForgedCode(ValueError):
    """What was scanned is not a ticket code of this theatre: altered, cut off, of an unknown key, or not ours."""


@dataclass(frozen=True)
class TicketCode:
    """What a true code says. Ids are the database's; the nonce must equal the one stored on the ticket."""

    version: int
    key_id: str
    ticket_id: int
    show_id: int
    nonce: str


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name (one ASCII letter or digit) under which doors know its public half."""

    key_id: str
    private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, key_id: str, seed: bytes) -> "SigningKey":
        """The key that a 32-byte secret stands for; the same seed always gives the same key."""
        return cls(key_id, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()


def sign(ticket_id: int, show_id: int, nonce: str, key: SigningKey) -> str:
    """The code to print, for ids up to 2**64 - 1 and a nonce of 16 hex digits. The same in, the same out."""
    facts = _FACTS.pack(VERSION, key.key_id.encode("ascii"), ticket_id, show_id, bytes.fromhex(nonce))
    return _spell(facts + key.private.sign(_PURPOSE + facts))


def read(code: str, keys: Mapping[str, Ed25519PublicKey]) -> TicketCode:
    """What ``code`` says, if one of ``keys`` (by key id) signed exactly these letters; else `ForgedCode`.

    Case, spaces and padding count: there is one spelling of a code, and every other is refused.
    """
    packed = _unspell(code)
    facts, signature = packed[: _FACTS.size], packed[_FACTS.size :]
    version, key_byte, ticket_id, show_id, nonce = _FACTS.unpack(facts)
    key_id = key_byte.decode("latin-1")
    if version != VERSION or key_id not in keys:
        raise ForgedCode("The code names a version or a key that this theatre does not use.")
    try:
        keys[key_id].verify(signature, _PURPOSE + facts)
    except InvalidSignature as error:
        raise ForgedCode("The signature does not fit the code.") from error
    return TicketCode(version, key_id, ticket_id, show_id, nonce.hex())


def current_key() -> SigningKey:
    """The key that signs tickets today: the first of the setting TICKET_SIGNING_KEYS."""
    return _keys(tuple(settings.TICKET_SIGNING_KEYS))[0]


def public_keys() -> Mapping[str, Ed25519PublicKey]:
    """The keys that doors accept: all of TICKET_SIGNING_KEYS, the retired ones included, by key id."""
    return {key.key_id: key.public for key in _keys(tuple(settings.TICKET_SIGNING_KEYS))}


@lru_cache
def _keys(entries: tuple[str, ...]) -> list[SigningKey]:
    pairs = (entry.split(":", 1) for entry in entries)
    return [SigningKey.from_seed(key_id, base64.b64decode(seed)) for key_id, seed in pairs]


def _spell(packed: bytes) -> str:
    return PREFIX + base64.b32encode(packed).decode("ascii").rstrip("=")


def _unspell(code: str) -> bytes:
    try:
        letters = code.removeprefix(PREFIX)
        packed = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise ForgedCode("The code is not spelt as ticket codes are.") from error
    # Base32 leaves spare bits at the end; spelling it again shows whether somebody changed one of them.
    if len(packed) != _FACTS.size + _SIGNATURE_BYTES or _spell(packed) != code:
        raise ForgedCode("The code is not spelt as ticket codes are.")
    return packed
