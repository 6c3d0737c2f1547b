"""What a link to a page says of it elsewhere: the one address it has, and its facts in schema.org's words."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from theatre.queries.moviepage import Seen
from theatre.queries.programme import ZONE, Listed, Showtime
from theatre.rules import money

SCHEMA = "https://schema.org"
FEW = 12  # seats left that are limited availability
# What would end the block, or begin something else in it.
_HARMLESS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def address(name: str, *args: object) -> str:
    """A page's one address, as people are to link to it."""
    return settings.SITE_URL + reverse(name, args=args)


def data_block(facts: dict[str, Any]) -> SafeString:
    """Facts for programs that read pages. No browser runs it."""
    text = json.dumps({"@context": SCHEMA, **facts}, ensure_ascii=False).translate(_HARMLESS)
    # nosemgrep: markup-declared-safe - escaped in the line before
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped in the line before


def movie_facts(seen: Seen, poster: str) -> dict[str, Any]:
    """The movie, and each of its times on the page with its price. `poster` is the address of its picture."""
    movie = seen.movie
    facts: dict[str, Any] = {
        "@type": "Movie",
        "name": movie.title,
        "url": address("movie", movie.slug),
        "image": poster,
        "genre": list(movie.genres),
        "description": movie.synopsis,
        "contentRating": movie.certificate,
        "inLanguage": list(seen.languages),
    }
    if movie.minutes:
        facts["duration"] = f"PT{movie.minutes}M"
    if movie.opens:
        facts["datePublished"] = movie.opens.isoformat()
    if seen.director:
        facts["director"] = {"@type": "Person", "name": seen.director}
    actors = [name.strip() for name in seen.actors.split(",") if name.strip()]
    facts["actor"] = [{"@type": "Person", "name": name} for name in actors]
    if movie.reviews:
        facts["aggregateRating"] = {
            "@type": "AggregateRating", "ratingValue": f"{movie.rating:.1f}", "reviewCount": movie.reviews,
            "bestRating": 5, "worstRating": 1,
        }  # fmt: skip
    kept = {name: value for name, value in facts.items() if value}
    shows = [_screening(movie, show, poster) for _first, times in seen.days for show in times]
    return {"@graph": [kept, *shows]}


def _screening(movie: Listed, show: Showtime, poster: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@type": "ScreeningEvent",
        "name": movie.title,
        "url": address("seats", show.id),
        "image": poster,
        "startDate": _local(show.starts_at),
        "endDate": _local(show.ends_at),
        "eventStatus": f"{SCHEMA}/EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "videoFormat": "3D" if "3d" in {name.casefold() for name in show.formats} else "2D",
        "workPresented": {"@type": "Movie", "name": movie.title, "url": address("movie", movie.slug)},
        "location": {
            "@type": "MovieTheater", "name": settings.THEATRE_NAME, "address": settings.THEATRE_ADDRESS,
            "telephone": settings.THEATRE_PHONE, "url": address("home"),
        },
    }  # fmt: skip
    if show.price is not None:
        stock = "SoldOut" if not show.left else "LimitedAvailability" if show.left <= FEW else "InStock"
        facts["offers"] = {
            "@type": "Offer", "url": address("seats", show.id), "priceCurrency": settings.CURRENCY,
            "price": f"{show.price:.{money.places_of(settings.CURRENCY)}f}", "availability": f"{SCHEMA}/{stock}",
        }  # fmt: skip
    return facts


def _local(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="minutes")
