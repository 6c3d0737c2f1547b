"""Shows that children come to, and the hour after which they need an adult beside them.

Source: the German Protection of Young Persons Act (JuSchG), section 11 (3): nobody under 16 stays at a film that ends
after 22:00 without an adult. So a film for children that ends later is most likely a slip. It is a warning, never
a refusal to plan it: the adult may come along.
"""

import re
from datetime import datetime, time, tzinfo

from theatre.rules.moments import clock
from theatre.rules.refusals import Refused
from theatre.rules.shows import to_local

FOR_CHILDREN_UNDER = 12
DAWN = time(6)  # a show that ends before this hour belongs to the night
# The lowest age each word stands for; words with a number in them ("12A", "FSK 16", "PG-13") say it themselves.
_AGES = {"g": 0, "u": 0, "uc": 0, "all": 0, "pg": 8, "m": 15, "r": 17, "x": 18}


class LateForChildren(Refused):
    """A show for children that ends late. Asked once: whoever says that it is meant is not asked again."""

    code = "late_for_children"


def lowest_age(certificate: str) -> int | None:
    """The age from which a certificate lets people in alone; None when it does not say one."""
    if number := re.search(r"[0-9]{1,2}", certificate):
        return int(number[0])
    return _AGES.get(certificate.strip().casefold())


def warning(certificate: str, *, starts_at: datetime, ends_at: datetime, zone: tzinfo, until: time) -> str:
    """A sentence when a film for children ends after `until` on the theatre's clocks, or in the night; else empty."""
    age = lowest_age(certificate)
    if age is None or age >= FOR_CHILDREN_UNDER:
        return ""
    begins, ends = to_local(starts_at, zone), to_local(ends_at, zone)
    late = ends.date() > begins.date() or ends.time() > until or ends.time() < DAWN
    if not late:
        return ""
    return (
        f"This show ends at {clock(ends_at, zone)}, and the certificate {certificate} brings children. "
        f"After {until:%H:%M} nobody under 16 stays without an adult"
    )
