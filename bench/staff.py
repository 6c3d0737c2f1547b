"""The lists of office and counter over a million bookings: what the server takes for each, for one person."""

from django.conf import settings
from django.test import Client
from django.utils import timezone

from bench import load
from bench.house import House
from bench.load import request
from theatre.models import Booking, Employee, User

BACKEND = "theatre.web.account.backend.OneQueryBackend"
LISTS = {
    "admin": (
        "/office/", "/office/audit/", "/office/audit/?q=bookings", "/office/people/", "/office/people/?q=maya",
        "/office/movies/", "/office/movies/?q=lonng+goodbye", "/office/movies/?state=retired&page=20",
        "/office/shows/", "/office/shows/copy/", "/office/vip/", "/office/vip/new/",
        "/office/screens/", "/office/price-cards/", "/office/invitations/",
    ),
    "salesman": ("/counter/", "/counter/sales/"),
}  # fmt: skip
TIMES = 60


def measure(house: House, seconds: float) -> None:
    """Each list, asked for by one person again and again."""
    print(
        f"\n| staff list, {Booking.objects.count():,} bookings | p50 ms | p95 | statuses |\n|---|---|---|---|"
    )
    for role, paths in LISTS.items():
        cookie = f"Cookie: {settings.SESSION_COOKIE_NAME}={_signed_in(role)}"
        for path in paths:
            data = request("GET", path, headers=[cookie])
            load.run(house.port, [_times(path, data, 5)], seconds)
            measured = load.run(house.port, [_times(path, data, TIMES)], seconds)
            figures = [f"{measured.percentile(path, percent):.1f}" for percent in (50, 95)]
            statuses = {status: count for (_, status), count in measured.statuses.items()}
            print(f"| {path} | {' | '.join(figures)} | {statuses} |", flush=True)


def _times(label: str, data: bytes, times: int) -> load.Caller:
    for _ in range(times):
        yield label, data


def _signed_in(role: str) -> str:
    """The key of a session in which somebody of that role stands with the second factor passed."""
    now = timezone.now()
    who = User.objects.create(
        email=f"{role}@bench.example", role=role, full_name=role.title(), confirmed_at=now
    )
    Employee.objects.create(user=who, start_date=now.date())
    client = Client()
    client.force_login(who, BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": now.timestamp()}]
    session["account_authentication_methods_user"] = str(who.pk)
    session.save()
    return str(session.session_key)
