"""The picture of a link to a movie, as it is shown elsewhere: 1200 by 630, a JPEG, for nobody there draws SVG."""

from io import BytesIO

from PIL import Image

from theatre.documents.paper import draw

QUALITY = 82
POSTER_PLACE, POSTER_SIZE = (60, 60), (340, 510)  # as in sheets/card.typ


def link_card(*, title: str, facts: str, house: str, poster: str | bytes) -> bytes:
    """The movie's poster (our own SVG, or the uploaded one as we drew it anew) beside its title; `facts` is a line
    such as `15 · Drama · 1 h 52`."""
    drawings = [poster] if isinstance(poster, str) else []
    png = draw("card.typ", {"title": title, "facts": facts, "house": house}, drawings=drawings)
    picture = Image.open(BytesIO(png), formats=["PNG"]).convert("RGB")
    if isinstance(poster, bytes):
        uploaded = Image.open(BytesIO(poster), formats=["WEBP"]).convert("RGB")
        picture.paste(uploaded.resize(POSTER_SIZE, Image.Resampling.LANCZOS), POSTER_PLACE)
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
