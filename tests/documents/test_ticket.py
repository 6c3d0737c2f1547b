"""Tickets are rendered for real, then read, scanned and looked into."""

import threading

import pytest

from tests.documents import pdfs
from tests.documents.samples import code, sheet
from theatre.documents import paper
from theatre.documents.ticket import render_roll, render_tickets

WEIRD_TITLES = {
    "bengali": "পথের পাঁচালী ও অপুর সংসার",
    "arabic": "وجدة والمدينة القديمة",
    "hebrew": "ואלס עם באשיר",
    "hindi": "पाथेर पांचाली",
    "emoji": "🎬 Night 👨‍👩‍👧 ★ ☕",
    "cyrillic and greek": "Фильм Ταινία Ľubomír ß",
    "typst code": '#read("/etc/passwd") #include "x.typ" *bold* $x$ <a> @ref \\ // /*',
    "control characters": "A\x00B\x07\nC\x1b[31m",
    "direction overrides": "Tenet \u202egnp.exe\u202c \u2067x",
    "lone surrogate": "Half \ud800 a letter",
    "private use": "Unknown \ue000 \U0010fffd letters",
    "400 characters": ("The Extraordinarily Long " * 16)[:400],
    "one endless word": "Donaudampfschiff" * 25,
}


def test_ticket_says_what_the_guest_has_to_know() -> None:
    text = pdfs.words(render_tickets(sheet()))

    for fact in (
        "THE LONG EXPOSURE",
        "The Long Exposure",
        "Thursday 26 November 2026, 20:15",
        "Screen 2, the Lantern",
        "Doors 20:00",
        "F 7",
        "F 8",
        "Premium",
        "€13.30",
        "15",
        "Subtitled",
        "K7QM 4XPA",
        "Ticket 1 of 2",
        "Ticket 2 of 2",
        "Tickets can be cancelled until 2 hours before the movie.",
        "01 555 0142",
    ):
        assert fact in text


def test_every_qr_decodes_to_its_seats_code() -> None:
    assert pdfs.scanned(render_tickets(sheet(4))) == [code(1000), code(1001), code(1002), code(1003)]


@pytest.mark.parametrize(("seats", "pages"), [(1, 1), (3, 1), (4, 2), (50, 17)])
def test_three_tickets_fit_a_page(seats: int, pages: int) -> None:
    assert pdfs.pages(render_tickets(sheet(seats))) == pages


def test_ticket_is_accessible_and_archivable() -> None:
    pdf = render_tickets(sheet())

    pdfs.assert_accessible(pdf, title="Tickets K7QM 4XPA: The Long Exposure")
    assert pdfs.alternatives(pdf) == ["Ticket code K7QM4XPA"] * 2
    assert "/H1" in pdfs.structure(pdf)


def test_ten_tickets_stay_under_150_kilobytes() -> None:
    assert len(render_tickets(sheet(3))) < 60_000
    assert len(render_tickets(sheet(10))) < 150_000


def test_printing_again_gives_the_same_bytes() -> None:
    assert render_tickets(sheet()) == render_tickets(sheet())


@pytest.mark.parametrize("title", WEIRD_TITLES.values(), ids=WEIRD_TITLES.keys())
def test_any_title_is_printed_as_text_and_the_code_still_scans(title: str) -> None:
    pdf = render_tickets(sheet(1, movie_title=title, screen=title[:60], certificate=""))

    assert pdfs.pages(pdf) == 1
    assert pdfs.scanned(pdf) == [code(1000)]
    pdfs.assert_accessible(pdf, title=f"Ticket K7QM 4XPA: {paper.printable(title)}".strip())


def test_typst_code_in_a_title_stays_text() -> None:
    text = pdfs.words(render_tickets(sheet(1, movie_title='#read("/etc/passwd")')))

    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


def test_bengali_and_arabic_can_be_copied_out_again() -> None:
    assert "বাংলা" in pdfs.words(render_tickets(sheet(1, movie_title="বাংলা")))
    # The order is the reader's affair for a script from right to left; the letters have to be there.
    assert set("مدينة") <= set(pdfs.words(render_tickets(sheet(1, movie_title="مدينة"))))


def test_blank_title_is_printed_all_the_same() -> None:
    assert pdfs.scanned(render_tickets(sheet(1, movie_title="  "))) == [code(1000)]


def test_letter_without_a_font_is_printed_as_a_box() -> None:
    pdf = render_tickets(sheet(1, movie_title="千と千尋の神隠し"))

    assert pdfs.scanned(pdf) == [code(1000)]
    pdfs.assert_fonts_embedded(pdf)


def test_every_thread_prints_at_once() -> None:
    printed: list[bytes] = []
    threads = [threading.Thread(target=lambda: printed.append(render_tickets(sheet(1)))) for _ in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert printed == [render_tickets(sheet(1))] * 6


# On the roll ----------------------------------------------------------------------------------------------


def test_roll_has_a_page_a_ticket_as_wide_as_the_printer_prints() -> None:
    pdf = render_roll(sheet(3))

    assert pdfs.pages(pdf) == 3
    assert {width for width, _height in pdfs.sizes(pdf)} == {72}
    assert all(120 < height < 200 for _width, height in pdfs.sizes(pdf))


def test_roll_says_seat_and_time_first_and_every_code_scans() -> None:
    pdf = render_roll(sheet(2))
    text = pdfs.words(pdf)

    assert text.index("F 7") < text.index("20:15") < text.index("THE LONG EXPOSURE")
    assert "Doors 20:00" in text and "K7QM 4XPA" in text and "€13.30" in text
    assert pdfs.scanned(pdf) == [code(1000), code(1001)]


def test_roll_is_accessible_and_light() -> None:
    pdf = render_roll(sheet(3))

    pdfs.assert_accessible(pdf, title="Tickets K7QM 4XPA: The Long Exposure")
    assert pdfs.alternatives(pdf) == ["Ticket code K7QM4XPA"] * 3
    assert len(pdf) < 60_000


def test_roll_is_printed_in_black_alone() -> None:
    [page] = pdfs.pictures(render_roll(sheet(1)))
    shades = [shade for _number, shade in page.convert("RGB").getcolors(maxcolors=10_000)]

    assert all(red == green == blue for red, green, blue in shades)


@pytest.mark.parametrize("title", WEIRD_TITLES.values(), ids=WEIRD_TITLES.keys())
def test_any_title_fits_the_roll(title: str) -> None:
    pdf = render_roll(sheet(1, movie_title=title, screen=title[:60]))

    assert pdfs.pages(pdf) == 1
    assert pdfs.scanned(pdf) == [code(1000)]
