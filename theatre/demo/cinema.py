"""The demo cinema: its halls, prices, coupons and what it shows. Films are real ones of `data/movies.json`, named by
title and year; what is said about them, and the films that are still to come, are our own.
"""

from dataclasses import dataclass
from datetime import time, timedelta

# Screens as `halls.read` reads them, each of another shape.
SNUG = (
    "ss.sss.ss",
    "ss.sss.ss",
    "wc.sss.cw",
    "pp.ppp.pp",
    "ss.sss.ss",
    "vv.vvv.vv",
)
LANTERN = (
    "...rssss.ssssssss.ssssr...",
    "..rsssss.ssssssss.sssssr..",
    "..ssssss.ssssssss.ssssss..",
    ".sssssss.ssssssss.sssssss.",
    ".wcssswc.ssssssss.cwssscw.",
    ".sssssss.ssssssss.sssssss.",
    ".sssssss.pppppppp.sssssss.",
    ".sssssss.pppppppp.sssssss.",
    "ssssssss.pppppppp.ssssssss",
    "ssssssss.pppppppp.ssssssss",
    "ssssssss.ssssssss.ssssssss",
    "ssssssss.sshhhhss.ssssssss",
    "ssssssss.ssssssss.ssssssss",
    "....vvvv.vvvvvvvv.vvvv....",
)
GALLERY = (
    "ssss.ssssssss.ssss",
    "ssss.ssssssss.ssss",
    "ssss.ssssssss.ssss",
    "wcss.ssssssss.sscw",
    "..................",
    "ssss.pppppppp.ssss",
    "ssss.pppppppp.ssss",
    "ssss.ssssssss.ssss",
    "ssss.ssssssss.ssss",
    "..vv.vvvvvvvv.vv..",
)
FOUNDRY = (
    "rsssss.sssssr",
    "ssssss.ssssss",
    "wcssss.sssscw",
    "ssssss.ssssss",
    "ssssss.ssssss",
    "pppppp.pppppp",
    "pppppp.pppppp",
    "sssbss.ssssss",
    "vvvvvv.vvvvvv",
)
HALLS = (SNUG, LANTERN, GALLERY, FOUNDRY)


@dataclass(frozen=True, slots=True)
class DemoScreen:
    """A screen's name says its number, so that papers need nothing else."""

    name: str
    drawing: tuple[str, ...]
    cleaning: int
    access: str


SCREENS = (
    DemoScreen("Screen 1, the Snug", SNUG, 15, "Level access at row C. Spaces at both ends of the row."),
    DemoScreen(
        "Screen 2, the Lantern",
        LANTERN,
        20,
        "Enter at row E, both sides, level access. Steps to every other row.",
    ),
    DemoScreen("Screen 3, the Gallery", GALLERY, 20, "Enter at row D from the cross aisle, level access."),
    DemoScreen("Screen 4, the Foundry", FOUNDRY, 20, "Ramp to row C on the left. Induction loop throughout."),
)

# List prices by card and seat kind, of an adult; a companion seat costs as little as a card may say.
PRICES = {
    "Weekday": {
        "standard": "11.00",
        "premium": "13.50",
        "vip": "18.00",
        "wheelchair": "8.00",
        "companion": "1.00",
    },
    "Matinee": {
        "standard": "8.50",
        "premium": "10.50",
        "vip": "14.00",
        "wheelchair": "6.50",
        "companion": "1.00",
    },
    "Weekend": {
        "standard": "13.00",
        "premium": "15.50",
        "vip": "20.00",
        "wheelchair": "9.50",
        "companion": "1.00",
    },
}
# What others pay, where it is less: a VIP recliner costs everybody the same.
REDUCED = {
    "Weekday": {
        "child": {"standard": "7.50", "premium": "10.00", "wheelchair": "6.00"},
        "senior": {"standard": "9.00", "premium": "11.50", "wheelchair": "7.00"},
        "student": {"standard": "9.00", "premium": "11.50", "wheelchair": "7.00"},
    },
    "Matinee": {
        "child": {"standard": "6.50", "premium": "8.50", "wheelchair": "5.00"},
        "senior": {"standard": "7.50", "premium": "9.50", "wheelchair": "5.50"},
        "student": {"standard": "7.50", "premium": "9.50", "wheelchair": "5.50"},
    },
    "Weekend": {
        "child": {"standard": "9.00", "premium": "11.50", "wheelchair": "7.50"},
        "senior": {"standard": "11.50", "premium": "14.00", "wheelchair": "8.50"},
        "student": {"standard": "11.50", "premium": "14.00", "wheelchair": "8.50"},
    },
}
# When each card is meant: weekdays from 0, Monday; from, and until before. Weekday is the default.
DAYPARTS: dict[str, list[tuple[list[int], time | None, time | None]]] = {
    "Matinee": [([0, 1, 2, 3, 4], None, time(15))],
    "Weekend": [([5, 6], None, None), ([4], time(17), None)],
}


@dataclass(frozen=True, slots=True)
class DemoCoupon:
    """A coupon, its window in days from now; `used_up` has just as many uses as were made."""

    code: str
    percent: int
    days: tuple[int, int]
    combinable: bool = False
    public: bool = False
    per_customer: int | None = None
    total_limit: int | None = None
    min_tickets: int = 1
    weekdays: tuple[int, ...] = ()


COUPONS = (
    DemoCoupon("SUMMER15", 15, (-200, 60), public=True),
    DemoCoupon("WELCOME10", 10, (-330, 120), combinable=True, public=True, per_customer=1),
    DemoCoupon("FAMILY20", 20, (-250, 90), min_tickets=4, weekdays=(5, 6)),
    DemoCoupon("FIRST25", 25, (-300, 40), total_limit=25),
    DemoCoupon("AUTUMN12", 12, (-90, -12)),
)


@dataclass(frozen=True, slots=True)
class Showing:
    """A film on the programme."""

    title: str
    year: int
    appeal: float
    synopsis: str


SHOWING = (
    Showing(
        "Inception", 2010, 1.7, "A thief who steals from dreams is asked to leave something behind instead."
    ),
    Showing(
        "The Dark Knight", 2008, 1.6, "A city’s protector meets a man who wants nothing but to watch it burn."
    ),
    Showing(
        "WALL-E", 2008, 1.4, "The last robot on a deserted Earth falls in love, and follows her to the stars."
    ),
    Showing(
        "Slumdog Millionaire",
        2008,
        1.2,
        "One question from a fortune, a boy explains how he knew the answers.",
    ),
    Showing(
        "Ratatouille",
        2007,
        1.3,
        "A rat with a fine nose and a boy without talent share one kitchen in Paris.",
    ),
    Showing("The Prestige", 2006, 1.1, "Two magicians, one trick, and everything they give up to own it."),
    Showing("Hot Fuzz", 2007, 1.0, "London’s best officer is sent where nothing ever happens. Then it does."),
    Showing(
        "Lost in Translation", 2003, 0.9, "Two strangers who can’t sleep find each other in a Tokyo hotel."
    ),
    Showing("Up", 2009, 1.2, "An old man ties balloons to his house. He hadn’t planned on company."),
    Showing("Coraline", 2009, 0.9, "Behind a small door waits a better home, and a mother with button eyes."),
    Showing(
        "The Wizard of Oz", 1939, 0.8, "A storm carries a girl to a land of colour. The way home is yellow."
    ),
    Showing(
        "Fargo", 1996, 0.8, "A car salesman’s simple crime, a great deal of snow, and a chief of police."
    ),
    Showing("The Others", 2001, 0.7, "In a house without daylight, a mother is sure that they aren’t alone."),
    Showing("Moon", 2009, 0.8, "Three years alone on the far side are almost over. Then somebody is there."),
    Showing("Chicago", 2002, 0.8, "Two women, two murders, one lawyer. And all that jazz."),
    Showing("Memento", 2001, 0.9, "A man without new memories hunts a killer with photographs and ink."),
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A film of our own invention that opens in so many days; without minutes it is only announced."""

    title: str
    in_days: int
    minutes: int | None
    certificate: str
    genre: str
    director: str
    synopsis: str


COMING = (
    Announced(
        "The Long Exposure", 13, 118, "PG-13", "Drama", "Ines Vogel",
        "A photographer develops a roll of film that isn’t hers, and goes looking for the people on it.",
    ),
    Announced(
        "Eleven Kinds of Rain", 20, 104, "PG", "Romantic Comedy", "Kofi Mensah",
        "The weather presenter of a small station starts forecasting the truth.",
    ),
    Announced(
        "Night Bus to Vienna", 27, 96, "PG-13", "Thriller/Suspense", "Marta Gruber",
        "Nine passengers, one driver, and a suitcase that nobody brought.",
    ),
    Announced(
        "The Cartographer’s Daughter", 41, 131, "PG", "Adventure", "Rafael Lopes",
        "She has inherited every map but one, and that is where he went.",
    ),
    Announced(
        "Low Tide", 62, None, "", "Documentary", "Leila Haddad",
        "A year on the flats between two islands, at walking pace.",
    ),
)  # fmt: skip

# How long the demo looks back and ahead.
HISTORY = timedelta(days=360)
FULL_DAYS_BEHIND, FULL_DAYS_AHEAD = 3, 11
QUIET_YEAR = 0.4  # of the usual demand before that, so that loading stays quick
GUESTS = 900
# How good the films of the past year were, by what the data says of them.
GOOD_RATING, GOOD_VOTES = 7.2, 20_000
