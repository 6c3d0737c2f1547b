"""What people hold in their hands: an authenticator app and a passkey, written without the code they test."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse

RP = "localhost"
ORIGIN = "http://localhost:8000"


def totp(secret: str, *, later: int = 0) -> str:
    """The code an authenticator app shows (RFC 6238) now, or so many times 30 seconds later."""
    step = int(time.time()) // 30 + later
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def set_up_app(client: Client) -> str:
    """Set the authenticator app up as a person does; its secret. The code of this half minute is used by it."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'<b class="ref">([A-Z2-7]+)</b>', page.content.decode())[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


def options(page) -> dict:
    """What the page asks a passkey for."""
    told = re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page.content.decode(), re.S)
    [asked] = json.loads(told[1]).values()
    return asked["publicKey"]


class Passkey:
    """A security key (WebAuthn level 3, 6.5): ES256, no attestation."""

    def __init__(self, *, rp: str = RP, origin: str = ORIGIN) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode() + str(time.time_ns()).encode()).digest()
        self.rp, self.origin, self.count = rp, origin, 0

    def made(self, asked: dict) -> str:
        """The answer to `navigator.credentials.create`, as the form sends it."""
        numbers = self.key.public_key().public_numbers()
        public = cbor(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        known = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": self._said(0x45) + known})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def shown(self, asked: dict) -> str:
        """The answer to `navigator.credentials.get`, as the form sends it."""
        client, said = self._client("webauthn.get", asked["challenge"]), self._said(0x05)
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": said, "signature": signature})

    def _said(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, what: str, challenge: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        response = {name: b64(part) for name, part in parts.items()}
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        )


def add_passkey(client: Client, passkey: Passkey | None = None, *, name: str = "My laptop") -> Passkey:
    """Add a passkey as a person does."""
    passkey = passkey or Passkey()
    page = client.get(reverse("mfa_add_webauthn"))
    response = client.post(
        reverse("mfa_add_webauthn"), {"name": name, "credential": passkey.made(options(page))}
    )
    assert response.status_code == 302, response.content.decode()
    return passkey


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def cbor(value: object) -> bytes:
    """The little of CBOR (RFC 8949) that a passkey speaks."""
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor(key) + cbor(each) for key, each in value.items())
    if isinstance(value, str):
        return _head(3, len(value)) + value.encode()
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    assert isinstance(value, int)
    return _head(0, value) if value >= 0 else _head(1, -1 - value)


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 24, size]) if size < 256 else struct.pack(">BH", kind << 5 | 25, size)
