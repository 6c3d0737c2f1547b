"""A QR for the page is one path, with its quiet zone and its name."""

import re

from theatre.documents import qr


def test_page_qr_is_one_named_path_with_a_quiet_zone() -> None:
    drawn = qr.svg("MC123", label='Ticket code "K7QM4XPA"')

    assert drawn.count("<path") == 2  # the white ground, the modules
    assert 'viewBox="0 0 29 29"' in drawn  # 21 modules and 4 on each side
    assert 'aria-label="Ticket code &quot;K7QM4XPA&quot;"' in drawn


def test_path_has_the_finder_pattern_in_its_corner() -> None:
    path, width = qr.modules("MC123")

    assert width == 21
    assert path.startswith("M0 0h7v1H0z")
    assert re.fullmatch(r"(M\d+ \d+h\d+v1H\d+z)+", path)
