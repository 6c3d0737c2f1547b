"""Suspension, another role, an ended session: on the very next request, and for what is under way (decision 0017)."""

import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests import factories, people
from tests.actions.said import refusal
from tests.races.guests import caller
from tests.races.stage import Doing, at_once, in_the_way, waiting
from tests.races.wire import Line, post
from tests.web.browsers import BACKEND
from theatre.access import Actor
from theatre.actions import _doors
from theatre.actions._doors import SignedOut
from theatre.actions.booking import hold
from theatre.actions.people import profile, sessions, staff, tokens
from theatre.models import ApiToken, Booking, Employee, User

pytestmark = pytest.mark.usefixtures("own_database")

# What a suspension does, by another client that has not committed yet.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('person:' || %(who)s::text, 1))"


@pytest.fixture
def boss() -> Actor:
    return people.actor_for(people.admin())


def session_of(who: User) -> str:
    """A signed-in session of this person; its key."""
    store = SessionStore()
    store.update(
        {
            SESSION_KEY: str(who.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: who.get_session_auth_hash(),
        }
    )
    store.create()
    UserSession.objects.create(user=who, session_key=store.session_key, ip="127.0.0.1", user_agent="x")
    return str(store.session_key)


def page(path: str, session: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {settings.SESSION_COOKIE_NAME}={session}\r\n\r\n"
    ).encode()


def with_token(path: str, token: str) -> bytes:
    return f"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


# The next request -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("how", ["suspend", "remove", "role", "sign out"])
def test_it_takes_effect_on_the_next_request_a_hundred_times_of_a_hundred(port, boss, how):
    tomas = people.salesman()
    line = Line(port)
    seen = Counter()
    for _ in range(100):
        session = session_of(tomas)
        token = tokens.create_token(by=people.actor_for(tomas), name="till").secret
        before = (line.ask(page("/counter/", session)).status, line.ask(with_token("bookings", token)).status)
        assert before == (200, 200)

        if how == "sign out":
            elsewhere = session_of(tomas)
            sessions.end_other_sessions(by=session_actor(tomas, elsewhere))
            ApiToken.objects.filter(user=tomas).delete()
        elif how == "role":
            role = "moderator" if User.objects.get(pk=tomas.pk).role == "salesman" else "salesman"
            staff.change_role(by=boss, user_id=tomas.pk, role=role)
        else:
            getattr(staff, how)(by=boss, user_id=tomas.pk, reason="Under review")

        seen[line.ask(page("/counter/", session)).status, line.ask(with_token("bookings", token)).status] += 1
        if how in ("suspend", "remove"):
            staff.bring_back(by=boss, user_id=tomas.pk)
        elif how == "role":
            staff.change_role(by=boss, user_id=tomas.pk, role="salesman")
            tomas.refresh_from_db()
    line.close()

    assert seen == {(302, 401): 100}


def session_actor(who: User, key: str) -> Actor:
    return replace(people.actor_for(who), session_key=key)


@pytest.mark.slow
def test_somebody_who_sells_without_a_pause_is_stopped_at_once(port, boss):
    """Sixteen lines press without end: the suspension is not put off, and what it left is all there will be."""
    tomas = caller(people.salesman())
    shows = [factories.show() for _ in range(8)]
    seats = [(show.pk, seat) for show in shows for seat in factories.free_seats(show, 70)]
    begun, over = threading.Event(), threading.Event()
    answers: list[tuple[float, int]] = []

    def sell(part: int) -> None:
        line = Line(port)
        for show, seat in seats[part::16]:
            if over.is_set():
                break
            sent = time.monotonic()
            answers.append(
                (sent, line.ask(post("holds", tomas.token, {"show": show, "seats": [seat]})).status)
            )
            if len(answers) > 100:
                begun.set()
        line.close()

    selling = [Doing(lambda part=part: sell(part)) for part in range(16)]
    assert begun.wait(30)
    asked = time.monotonic()
    staff.suspend(by=boss, user_id=tomas.who.pk, reason="Under review")
    stopped = time.monotonic()
    left = Booking.objects.filter(seller=tomas.who).count()
    time.sleep(0.5)
    over.set()
    for one in selling:
        one.result()

    late = Counter(status for sent, status in answers if sent > stopped)
    print(f"suspended in {1000 * (stopped - asked):.0f} ms under load; afterwards: {dict(late)}")
    assert Booking.objects.filter(seller=tomas.who).count() == left > 0
    assert set(late) == {401}
    assert stopped - asked < 3


# Under way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE theatre_employee SET status = 'suspended' WHERE user_id = %(who)s",
        "UPDATE theatre_user SET role = 'moderator' WHERE id = %(who)s",
        "UPDATE theatre_user SET is_active = false WHERE id = %(who)s",
        "UPDATE theatre_user SET confirmed_at = NULL WHERE id = %(who)s",
        "DELETE FROM django_session WHERE session_key = %(session)s",
        "UPDATE theatre_apitoken SET revoked_at = now() WHERE id = %(token)s",
    ],
    ids=["suspended", "another role", "closed", "address to be confirmed", "signed out", "token revoked"],
)
def test_a_deed_that_began_before_does_not_commit_after(ending):
    tomas = people.salesman()
    key = session_of(tomas)
    token = tokens.create_token(by=people.actor_for(tomas), name="till").id
    by = replace(session_actor(tomas, key), token_id=token)
    show = factories.show()
    seat = factories.free_seats(show, 1)
    facts = {"who": tomas.pk, "session": key, "token": token}

    with in_the_way(LOCK, facts) as other:
        other.execute(ending, facts)
        selling = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=seat))
        waiting()

    assert isinstance(selling.result(), SignedOut)
    assert not Booking.objects.filter(show=show).exists()
    SessionStore(key).delete()  # what an action would have done, and the books ask for


def test_suspension_waits_for_what_is_under_way_and_comes_before_what_follows(boss):
    tomas = people.salesman()
    by, show = people.actor_for(tomas), factories.show()
    first, second = factories.free_seats(show, 2)

    with in_the_way("SELECT 1 FROM theatre_show WHERE id = %s FOR UPDATE", [show.pk]):
        under_way = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[first]))
        waiting(1)
        ending = Doing(lambda: staff.suspend(by=boss, user_id=tomas.pk, reason="Under review"))
        waiting(2)
        later = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[second]))
        waiting(3)

    assert under_way.result().ref == Booking.objects.get(show=show).ref
    assert ending.result() is None
    assert isinstance(later.result(), SignedOut)


def test_without_asking_again_it_would_commit(monkeypatch):
    """The control: what the tests above refuse happens when the standing is not asked again."""
    monkeypatch.setattr(_doors, "_check_standing", lambda by: None)
    tomas = people.salesman()
    show = factories.show()
    by = people.actor_for(tomas)
    seats = factories.free_seats(show, 1)

    with in_the_way(LOCK, {"who": tomas.pk}) as other:
        other.execute("UPDATE theatre_employee SET status = 'suspended' WHERE user_id = %s", [tomas.pk])
        selling = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=seats))
        waiting()

    assert selling.result().ref == Booking.objects.get(show=show).ref


def test_a_customers_own_account_is_not_changed_by_a_session_that_ended():
    maya = people.customer(name="Maya")
    by = session_actor(maya, session_of(maya))
    SessionStore(by.session_key).delete()

    said = [
        refusal(lambda: profile_changed(by)).code,
        refusal(lambda: tokens.create_token(by=by, name="Thief")).code,
        refusal(lambda: sessions.end_other_sessions(by=by)).code,
    ]

    assert said == ["signed_out"] * 3
    assert User.objects.get(pk=maya.pk).full_name == "Maya"
    assert not ApiToken.objects.filter(user=maya).exists()


def profile_changed(by: Actor) -> None:
    profile.change_profile(by=by, full_name="Thief", phone="", long_holds=False)


# Admins ---------------------------------------------------------------------------------------------------


def only_admins(*who: User) -> None:
    for each in who:
        User.objects.filter(pk=each.pk).update(role="admin")
        Employee.objects.filter(user=each).update(status="active")
    User.objects.filter(role="admin").exclude(pk__in=[each.pk for each in who]).update(role="moderator")


@pytest.mark.parametrize("how", ["demote", "suspend"])
def test_two_admins_who_end_each_other_leave_one(how):
    ada, eva = people.admin(), people.admin()
    before = deadlocks()

    def end(by: User, other: User) -> None:
        if how == "demote":
            staff.change_role(by=people.actor_for(by), user_id=other.pk, role="salesman")
        else:
            staff.suspend(by=people.actor_for(by), user_id=other.pk, reason="Quarrel")

    for _ in range(20):
        only_admins(ada, eva)

        answers = at_once(lambda: end(ada, eva), lambda: end(eva, ada))

        assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "SignedOut"]
        assert User.objects.filter(role="admin", employee__status="active").count() == 1
    assert deadlocks() == before


def test_three_admins_in_a_circle_leave_one():
    circle = [people.admin() for _ in range(3)]
    before = deadlocks()
    for _ in range(20):
        only_admins(*circle)

        at_once(
            *[
                lambda by=by, other=other: staff.change_role(
                    by=people.actor_for(by), user_id=other.pk, role="salesman"
                )
                for by, other in zip(circle, circle[1:] + circle[:1], strict=True)
            ]
        )

        assert User.objects.filter(role="admin").count() in (1, 2)
    assert deadlocks() == before


def test_two_tabs_that_end_each_other_do_not_wait_in_a_circle():
    maya = people.customer()
    before = deadlocks()
    for _ in range(10):
        tabs = [session_actor(maya, session_of(maya)) for _ in range(2)]

        answers = at_once(*[lambda by=by: sessions.end_other_sessions(by=by) for by in tabs])

        assert sorted(type(answer).__name__ for answer in answers) == ["SignedOut", "int"]
        UserSession.objects.filter(user=maya).delete()
    assert deadlocks() == before
