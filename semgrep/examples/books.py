# ruff: noqa
# What each rule of books.yml finds, and what it lets through. Nothing here is ever run.

# ruleid: written-outside-actions
from theatre.models.sql import change

# ok: written-outside-actions
from theatre.models.sql import fetch


def find(cursor, title):
    # ruleid: sql-with-values-in-its-text
    cursor.execute(f"SELECT id FROM theatre_movie WHERE title = '{title}'")
    # ruleid: sql-with-values-in-its-text
    fetch_one("SELECT id FROM theatre_movie WHERE title = '%s'" % title)
    # ok: sql-with-values-in-its-text
    fetch_one("SELECT id FROM theatre_movie WHERE title = %s", [title])
    # ok: sql-with-values-in-its-text
    fetch_one(f"SELECT {shows.TOUCHED} FROM theatre_show WHERE id = %s", [title])


def sorted_as_asked(request):
    order = request.GET["order"]
    # ruleid: sql-from-a-request
    return fetch("SELECT id FROM theatre_movie ORDER BY " + order, [])


def found_as_asked(request):
    # ok: sql-from-a-request
    return fetch("SELECT id FROM theatre_movie WHERE title = %s", [request.GET["title"]])


def counted():
    # ruleid: raw-queryset
    Movie.objects.extra(where=["1 = 1"])
    # ok: raw-queryset
    Movie.objects.filter(state="showing")


def listed(request):
    # ruleid: filter-by-names-somebody-typed
    return User.objects.filter(**request.GET.dict())


def listed_by(request):
    # ruleid: filter-by-names-somebody-typed
    return User.objects.order_by(request.GET["by"])


def listed_by_name(request):
    # ok: filter-by-names-somebody-typed
    return User.objects.filter(full_name=request.GET["name"])


def retire(request, movie_id):
    # ruleid: written-outside-actions
    Movie.objects.filter(pk=movie_id).update(state="retired")
    # ok: written-outside-actions
    movies.retire(by=request.actor, movie_id=movie_id)


def lapsed(hold):
    # ruleid: clock-of-this-machine
    return hold.held_until < timezone.now()


def lapsed_by_the_books(hold, now):
    # ok: clock-of-this-machine
    return hold.held_until < now


def ticket(request, ref):
    # ruleid: row-found-past-its-scope
    return Booking.objects.get(ref=ref)


def own_ticket(request, ref):
    # ok: row-found-past-its-scope
    return Booking.objects.filter(visible(request.actor), ref=ref).first()
