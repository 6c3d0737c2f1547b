"""The calendar entry keeps its identity, and says when and where."""

from datetime import timedelta

from icalendar import Calendar

from tests.documents.samples import HOUSE, ISSUED_AT, STARTS_AT, showing
from theatre.documents.calendar import calendar_entry


def entry(**changes):
    facts = {
        "house": HOUSE,
        "showing": showing(),
        "reference": "K7QM4XPA",
        "seats": ("F 7", "F 8"),
        "made_at": ISSUED_AT,
        **changes,
    }
    return Calendar.from_ical(calendar_entry(**facts))


def test_entry_says_when_and_where() -> None:
    event = entry().walk("VEVENT")[0]

    assert event.decoded("dtstart") == STARTS_AT
    assert event.decoded("dtend") == STARTS_AT + timedelta(minutes=146)
    assert event["summary"] == "The Long Exposure"
    assert event["location"] == "Screen 2, the Lantern, Movie Counter, 4 Projection Row"
    assert event["description"] == "Seats F 7, F 8. Doors 20:00. Reference K7QM 4XPA."
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=-2)


def test_cancellation_takes_the_same_event_away() -> None:
    booked, cancelled = entry(), entry(cancelled=True, sequence=1)
    before, after = booked.walk("VEVENT")[0], cancelled.walk("VEVENT")[0]

    assert (booked["method"], cancelled["method"]) == ("PUBLISH", "CANCEL")
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["status"] == "CANCELLED"


def test_title_cannot_add_lines_to_the_entry() -> None:
    event = entry(showing=showing("Tenet; \r\nATTACH:file:///etc/passwd, বাংলা")).walk("VEVENT")[0]

    assert event["summary"] == "Tenet; ATTACH:file:///etc/passwd, বাংলা"
    assert "attach" not in event
