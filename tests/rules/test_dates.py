from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules.dates import UnreadableDate, read_date

JUNE_12 = date(1998, 6, 12)


@pytest.mark.parametrize(
    "written",
    [
        JUNE_12,
        datetime(1998, 6, 12, 20, 15, tzinfo=UTC),
        "1998-06-12",
        "1998-6-12",
        "1998/06/12",
        "1998.06.12",
        "1998-06-12T20:15:00Z",
        "1998-06-12 20:15:00.000+01:00",
        "19980612",
        "Jun 12 1998",
        "June 12, 1998",
        "June 12th, 1998",
        "12 June 1998",
        "12. June 1998",
        "12-Jun-1998",
        "12th of June 1998",
        "Fri 12 Jun 1998",
        "Friday, June 12 1998",
        "1998 June 12",
        "JUN 12 1998",
        "  jun   12\t1998 ",
        "12.06.1998",
        "12.6.1998",
    ],
)
def test_a_date_is_read_in_its_usual_forms(written):
    assert read_date(written, newest_year=2031) == (JUNE_12, "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("13/06/1998", date(1998, 6, 13)),
        ("06/13/1998", date(1998, 6, 13)),
        ("13-06-1998", date(1998, 6, 13)),
        ("06/06/1998", date(1998, 6, 6)),
        ("Sept 3 1999", date(1999, 9, 3)),
        ("3 May 1999", date(1999, 5, 3)),
        ("Feb 29 2000", date(2000, 2, 29)),
    ],
)
def test_day_and_month_are_told_apart_where_only_one_order_is_possible(written, read):
    assert read_date(written, newest_year=2031) == (read, "")


@pytest.mark.parametrize(
    ("written", "read", "note"),
    [
        ("1998", date(1998, 1, 1), "has only the year 1998, so 1 January was entered"),
        ("Jun 1998", date(1998, 6, 1), "has no day, so the 1st was entered"),
        ("12-Jun-98", JUNE_12, "has the year 98, read as 1998"),
        ("12.06.98", JUNE_12, "has the year 98, read as 1998"),
        ("06/13/98", date(1998, 6, 13), "has the year 98, read as 1998"),
        ("Jun 12 31", date(2031, 6, 12), "has the year 31, read as 2031"),
        ("Jun 12 32", date(1932, 6, 12), "has the year 32, read as 1932"),
        ("12 Jun 00", date(2000, 6, 12), "has the year 00, read as 2000"),
    ],
)
def test_what_had_to_be_supplied_is_noted(written, read, note):
    assert read_date(written, newest_year=2031) == (read, note)


@pytest.mark.parametrize("written", ["06/12/1998", "06-12-98", "1/2/2003"])
def test_nobody_guesses_between_day_and_month(written):
    with pytest.raises(UnreadableDate, match="can be read two ways. Write it like 1998-06-12"):
        read_date(written, newest_year=2031)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "Jun",
        "Summer 1998",
        "Jun 31 1998",
        "Feb 29 1999",
        "1998-13-01",
        "1998-00-12",
        "19981301",
        "0000",
        "31.04.1998",
        "13/13/1998",
        "Jun Jul 1998",
        "Jun 12 1998 at noon",
        "Jun 12 98 1998",
        "Jun 123 1998",
        "Jun 12 199",
        "June 98",
        "98 Jun 1998 12",
        "12345678901234567890",
        "১২ জুন ১৯৯৮",
        "٢٠٠٠",
        "Jun ٣ 1998",
        "1998-06-12 tea time",
        "🎬",
    ],
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(UnreadableDate, match="isn’t a date"):
        read_date(written, newest_year=2031)


@given(st.dates())
def test_a_written_date_is_read_as_it_was(written):
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
        written.month - 1
    ]
    year = f"{written.year:04d}"

    for text in (
        written.isoformat(),
        f"{month} {written.day:02d} {year}",
        f"{written.day} {month} {year}",
        f"{written.day}.{written.month}.{year}",
    ):
        assert read_date(text, newest_year=2031) == (written, "")


@given(st.text(max_size=40) | st.text(alphabet="0123456789-/. JunAprT:", max_size=20))
def test_any_text_is_a_date_or_refused(text):
    try:
        read, note = read_date(text, newest_year=2031)
    except UnreadableDate as unreadable:
        assert str(unreadable).endswith("Write it like 1998-06-12")
    else:
        assert isinstance(read, date)
        assert isinstance(note, str)
