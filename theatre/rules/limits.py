"""How often something may be tried, and how long to wait after that.

A limit counts within a window that begins with the first try and never grows: whoever is stopped is let go when it
ends, however much was tried meanwhile. Source: domain.md, "Money"; docs/SECURITY-MODEL.md, "Limits".
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from theatre.rules.moments import counted, duration


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` tries in `seconds`; ValueError unless both are 1 or more."""

    name: str
    amount: int
    seconds: int

    def __post_init__(self) -> None:
        if self.amount < 1 or self.seconds < 1:
            raise ValueError(f"{self.name}: a limit lets something through, for a while")


COUPONS_OF_PERSON = Limit("coupon:person", 10, 600)
COUPONS_OF_NETWORK = Limit("coupon:network", 60, 600)
ADDRESS_CODES_OF_PERSON = Limit("address_code:person", 5, 600)
SIGN_UPS_OF_ADDRESS = Limit("sign_up:address", 5, 3600)
FEEDBACK_OF_NETWORK = Limit("feedback:network", 10, 3600)


def client_address(peer: str, forwarded: str, proxies: int) -> str:
    """The address that the outermost of our own proxies saw, from `X-Forwarded-For`: never one the client made up.
    Without proxies of our own it is the peer's.
    """
    chain = [part.strip() for part in forwarded.split(",")]
    return (chain[-min(proxies, len(chain))] if proxies and forwarded else peer)[:45]


def network(address: str) -> str:
    """Whose tries count together: an IPv4 address, or the /64 that an IPv6 address belongs to. An address that
    nobody can read is a network of its own.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False).network_address)
    return str(known)


def whole_seconds(wait: float) -> int:
    """A wait for a program: rounded up, never 0."""
    return max(1, -int(-wait // 1))


def in_words(wait: float) -> str:
    """A wait for people: `10 seconds`, `5 minutes`, `1 hour`; what has begun counts."""
    seconds = whole_seconds(wait)
    return counted(seconds, "second") if seconds < 60 else duration(timedelta(seconds=seconds))
