import hashlib
import json
import os
import stat
import time
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, validate_totp_code
from django.conf import settings
from django.core.management import CommandError, call_command

from tests import factories, people
from theatre.access import actor_of_token
from theatre.demo import copying, history, seed
from theatre.demo.seed import Sizes, SizesDoNotFit
from theatre.documents.papers import invoice_pdf, tickets_pdf
from theatre.models import Booking, Customer, Invoice, Movie, Seat, SeatClaim, Show, Ticket, User
from theatre.models.sql import fetch
from theatre.queries.bookings import for_papers
from theatre.queries.integrity import prove
from theatre.queries.papers import papers_of

SCHEMA = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index
WHERE indrelid::regclass::text LIKE 'theatre_%%'
ORDER BY 1, 2, 3
"""


def broken() -> list[tuple[str, object]]:
    return [(found.check.name, found.rows[:2]) for found in prove() if found.count]


def run(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def data_dir(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_demo_cinema_is_whole_and_loaded_once(data_dir):
    schema = fetch(SCHEMA)
    said = run("load_demo")

    assert "The demo cinema is open." in said
    assert broken() == []
    assert fetch(SCHEMA) == schema
    tiers = dict(
        Customer.objects.exclude(user__email__startswith="guest").values_list("user__email", "tier__name")
    )
    assert tiers == {
        "customer@guests.example": None,
        "silver@guests.example": "Silver",
        "gold@guests.example": "Gold",
        "platinum@guests.example": "Platinum",
    }
    assert Show.objects.filter(state="on_sale").count() > 150
    assert Movie.objects.filter(state="showing").count() == 16
    assert Movie.objects.filter(state="coming_soon").count() == 5

    papers = for_papers(Booking.objects.filter(state="confirmed", coupon__isnull=False).latest("pk").pk)
    assert tickets_pdf(papers).startswith(b"%PDF")
    assert invoice_pdf(papers, papers_of(papers.id)[0]).startswith(b"%PDF")

    before = fetch("SELECT count(*), max(id) FROM theatre_auditentry")
    assert run("load_demo") == "The database is not empty, so nothing was loaded.\n"
    assert "0 imported, 0 completed, 3200 unchanged" in run("import_movies", "theatre/demo/data/movies.json")
    assert fetch("SELECT count(*), max(id) FROM theatre_auditentry") == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sign_ins_open_the_house_and_stay_the_same(data_dir, client):
    run("load_demo")
    path = data_dir / "demo.json"
    run("write_demo_json", "--url", "http://localhost:8000", "--path", str(path))
    written = json.loads(path.read_text())

    assert [account["role"] for account in written["accounts"]] == (
        ["admin"] + ["moderator"] * 2 + ["salesman"] * 3 + ["customer"] * 4
    )
    for account in written["accounts"]:
        assert list(account) == ["role", "email", "password", "totp_secret", "api_token"]
        user = User.objects.get(email=account["email"])
        assert user.confirmed_at
        assert user.check_password(account["password"])
        assert EmailAddress.objects.get(user=user, primary=True).verified
        needs_factor = account["role"] in ("admin", "moderator")
        actor = actor_of_token(digest(account["api_token"]))
        assert actor is not None
        assert (actor.role, actor.second_factor) == (account["role"], needs_factor)
        assert (account["totp_secret"] is not None) == needs_factor
        if needs_factor:
            kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
            secret = get_adapter().decrypt(kept)
            assert secret == account["totp_secret"]
            assert validate_totp_code(secret, format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    for file in (path, data_dir / "demo-secrets.json"):
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600

    run("load_demo")
    run("write_demo_json", "--url", "http://localhost:8001", "--path", str(path))
    assert json.loads(path.read_text()) == {**written, "url": "http://localhost:8001"}

    (data_dir / "demo-secrets.json").unlink()
    run("load_demo")  # the old ones are lost, so new ones open the house
    run("write_demo_json", "--url", "http://localhost:8000", "--path", str(path))
    [renewed] = json.loads(path.read_text())["accounts"][:1]
    assert renewed["password"] != written["accounts"][0]["password"]
    assert User.objects.get(email=renewed["email"]).check_password(renewed["password"])
    assert actor_of_token(digest(written["accounts"][0]["api_token"])) is None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@pytest.mark.django_db(transaction=True)
def test_seed_loads_the_sizes_that_were_asked_beside_what_is_there():
    show = factories.show()
    factories.booked(of=show, seats=2)
    schema = fetch(SCHEMA)

    for _ in range(2):
        said = run("seed_demo", "--movies=7", "--shows=60", "--tickets=1500", "--customers=40", "--seed=3")

    assert "40 customers" in said
    assert (Movie.objects.count(), Show.objects.count(), Customer.objects.count()) == (15, 121, 81)
    assert Ticket.objects.filter(state__in=["sold", "returned"]).count() == 2 * 1500 + 2
    assert broken() == []
    assert fetch(SCHEMA) == schema
    # Those who come after find the next free ids and numbers.
    factories.cancelled(by=people.customer(email="late@example.org"), of=show, seats=2)
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_same_seed_and_moment_make_the_same_history(test_database, monkeypatch):
    monkeypatch.setattr(history, "database_now", lambda: 1_790_000_000)
    digests = set()
    for _ in range(2):
        test_database.renew()
        seed.seed(Sizes(movies=5, shows=40, tickets=400, customers=30, seed=9))
        digests.add(
            fetch(
                "SELECT (SELECT md5(string_agg(concat_ws(' ', id, booking_id, show_id, seat_id, state, price, nonce,"
                " checked_in_at), '|' ORDER BY id)) FROM theatre_ticket),"
                " (SELECT md5(string_agg(message_id || subject, '|' ORDER BY id)) FROM theatre_letter),"
                " (SELECT md5(string_agg(facts::text, '|' ORDER BY id)) FROM theatre_invoice)"
            )[0]
        )

    assert len(digests) == 1


@pytest.mark.django_db(transaction=True)
def test_seeded_invoice_says_what_a_real_one_says():
    real = factories.cancelled(by=people.salesman(), seats=1, reason="")
    seed.seed(Sizes(movies=2, shows=20, tickets=200, customers=10, seed=1))
    seeded = Invoice.objects.filter(series="invoice").latest("pk").facts
    seeded_note = Invoice.objects.filter(series="credit_note").latest("pk").facts

    invoice, note = real.invoices.order_by("pk")
    assert shape(seeded) == shape(invoice.facts)
    assert shape(seeded_note) == shape(note.facts)


def shape(facts: dict[str, object]) -> object:
    """The names in it, whatever they say."""
    return {name: sorted(value[0]) if name == "lines" else None for name, value in facts.items()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"shows": 0}, "Ask for 1 shows or more"),
        ({"tickets": -1}, "Ask for 0 tickets or more"),
        ({"tickets": 10**9}, "Ask for fewer tickets or for more shows"),
    ],
)
def test_impossible_sizes_are_refused_and_leave_nothing(sizes, sentence):
    wanted = {"movies": 1, "shows": 5, "tickets": 10, "customers": 1, "seed": 1}

    with pytest.raises(SizesDoNotFit, match=sentence):
        seed.seed(Sizes(**(wanted | sizes)))

    assert not Movie.objects.exists()
    assert not Seat.objects.exists()
    assert not SeatClaim.objects.exists()


@pytest.mark.parametrize(
    "command", [["load_demo"], ["write_demo_json", "--url=x", "--path=y"], ["seed_demo", "--tickets=1"]]
)
def test_demo_is_not_for_production(monkeypatch, command):
    monkeypatch.setattr(settings, "PRODUCTION", True)

    with pytest.raises(CommandError, match=r"not for production|no place in a production"):
        call_command(*command)


def test_unwritable_path_is_told_in_a_sentence(data_dir):
    with pytest.raises(CommandError, match="can’t be written"):
        run("write_demo_json", "--url", "x", "--path", "/proc/nowhere/demo.json")


def test_values_are_written_as_copy_reads_them():
    assert copying.moment(0) == r"\N"
    assert copying.moment(1_800_000_000) == "2027-01-15 08:00:00+00"
    assert copying.text("a\tb\\c\nd\x00") == "a\\tb\\\\c\\nd"
