"""The picture of a link to a movie, as it is shown elsewhere: 1200 by 630, a JPEG, for nobody there draws SVG."""

from io import BytesIO

from PIL import Image

from theatre.documents.paper import draw

QUALITY = 82


def link_card(*, title: str, facts: str, house: str, poster: str) -> bytes:
    """The movie's poster (our own SVG) beside its title; `facts` is a line such as `15 · Drama · 1 h 52`."""
    png = draw("card.typ", {"title": title, "facts": facts, "house": house}, drawings=[poster])
    picture = Image.open(BytesIO(png), formats=["PNG"]).convert("RGB")
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
