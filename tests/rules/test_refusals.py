import importlib
import pkgutil
import re

import pytest

from theatre import rules
from theatre.rules.refusals import Refused

for module in pkgutil.iter_modules(rules.__path__):
    importlib.import_module(f"theatre.rules.{module.name}")


def every_refusal(kind: type[Refused] = Refused) -> list[type[Refused]]:
    below = [found for child in kind.__subclasses__() for found in every_refusal(child)]
    return [kind, *below]


OURS = [kind for kind in every_refusal() if kind.__module__.startswith("theatre.rules.")]


def test_a_refusal_carries_its_sentence_field_and_facts():
    class SeatGone(Refused):
        code = "seat_gone"

    refusal = SeatGone("Seat F 8 was taken", "seats", seats=[8])

    assert refusal.code == "seat_gone"
    assert refusal.sentence == "Seat F 8 was taken"
    assert str(refusal) == "Seat F 8 was taken"
    assert refusal.field == "seats"
    assert refusal.data == {"seats": [8]}


def test_a_refusal_needs_no_field_and_no_facts():
    refusal = Refused("Choose at least one seat")

    assert refusal.field is None
    assert refusal.data == {}


def test_there_are_refusals_to_look_at():
    assert len(OURS) > 25


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_code_of_its_own_and_says_what_it_means(kind):
    same = [other.__name__ for other in OURS if other.code == kind.code]

    assert same == [kind.__name__]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert kind.__doc__
