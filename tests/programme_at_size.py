"""A programme of the size of a chain's busiest house, written by a few statements: thousands of movies and shows."""

from django.db import connection

from tests import factories
from theatre.models import Screen

MOVIES, SHOWS, SCREENS = 3_000, 13_000, 10
A_DAY = 6  # shows a day on one screen
_MOVIES = """
WITH made AS (
  INSERT INTO theatre_movie (title, slug, duration_minutes, certificate, synopsis, director, actors, languages,
    release_date, poster, trailer_url, formats, state)
  SELECT (ARRAY['The Long','Small','Kilo','Saltwater','Nine','Paper','Last','Quiet'])[1 + n %% 8] || ' '
           || (ARRAY['Exposure','Hours','Tango','Radio','Floors','Moon','Ferry','Garden','Night'])[1 + n %% 9] || ' ' || n,
         'at-size-' || n, 90 + n %% 60, '12', repeat('A story of the sea and of the city. ', 8), 'Director ' || n %% 400,
         'Actor ' || n %% 700 || ', Actor ' || n %% 501, '{en}', now()::date + (n %% 400) - 300, '', '', '{}',
         CASE n %% 10 WHEN 0 THEN 'coming_soon' WHEN 1 THEN 'retired' WHEN 2 THEN 'draft' ELSE 'showing' END
  FROM generate_series(1, %(movies)s) AS n
  RETURNING id, slug
)
INSERT INTO theatre_movie_genres (movie_id, genre_id)
SELECT made.id, genre.id FROM made CROSS JOIN theatre_genre genre
WHERE (made.id + genre.id) %% (SELECT count(*) FROM theatre_genre) = 0
"""  # noqa: E501
# A third of them is over; a screen's shows start every three hours.
_SHOWS = """
WITH film AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS films
  FROM theatre_movie WHERE slug LIKE 'at-size-%%' AND state = 'showing'
), hall AS (
  SELECT sc.id, sc.number, (SELECT max(p.id) FROM theatre_seatplan p WHERE p.screen_id = sc.id) AS plan,
         row_number() OVER (ORDER BY sc.id) - 1 AS place
  FROM theatre_screen sc WHERE sc.id = ANY(%(screens)s)
), slot AS (
  SELECT n, hall.id AS screen, hall.plan,
         date_trunc('day', now()) + interval '6 hours' + interval '1 day' * (n / %(a_day)s - %(back)s)
           + interval '3 hours' * (n %% %(a_day)s) AS starts_at,
         (n * 7 + hall.place * 13) AS turn
  FROM hall CROSS JOIN generate_series(0, %(shows)s / %(halls)s - 1) AS n
)
INSERT INTO theatre_show (movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, state,
  counter_seats)
SELECT film.id, slot.screen, slot.plan, %(card)s, slot.starts_at, slot.starts_at + interval '110 minutes',
       slot.starts_at + interval '130 minutes',
       CASE WHEN slot.n %% 9 = 0 THEN '{subtitled}'::varchar[] ELSE '{}' END,
       CASE WHEN slot.starts_at < now() - interval '3 hours' THEN 'played' ELSE 'on_sale' END, 0
FROM slot JOIN film ON film.place = slot.turn %% film.films
"""
# Two seats in five are not free, in the shows people look at.
_CLAIMS = """
INSERT INTO theatre_seatclaim (show_id, seat_id, plan_id, state, note)
SELECT s.id, x.id, s.plan_id, 'blocked', '' FROM theatre_show s JOIN theatre_seat x ON x.plan_id = s.plan_id
WHERE s.screen_id = ANY(%(screens)s) AND s.starts_at BETWEEN now() - interval '2 days' AND now() + interval '8 days'
  AND x.id %% 5 < 2
"""


def fill(movies: int = MOVIES, shows: int = SHOWS) -> list[Screen]:
    """Write so many of each, on screens of their own; the screens."""
    factories.movie()
    screens = [factories.screen(["s" * 20] * 15) for _ in range(SCREENS)]
    days = shows // SCREENS // A_DAY
    wanted = {
        "movies": movies, "shows": shows, "screens": [screen.pk for screen in screens], "halls": SCREENS,
        "a_day": A_DAY, "back": days // 3, "card": factories.price_card().pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # what pages may take is not what this takes
        for statement, tables in (
            (_MOVIES, ("movie", "movie_genres", "seat")),
            (_SHOWS, ("show",)),
            (_CLAIMS, ("seatclaim",)),
        ):
            cursor.execute(statement, wanted)
            for table in tables:
                cursor.execute(f"ANALYZE theatre_{table}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("RESET statement_timeout")
    return screens
