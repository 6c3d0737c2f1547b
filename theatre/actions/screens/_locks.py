"""The screen's row, taken first: whoever plans a show on it comes before or after (docs/locking.md)."""

from theatre.models import Screen
from theatre.rules.refusals import Refused


class ScreenUnknown(Refused):
    """There is no screen with this number."""

    code = "screen_unknown"


def screen(screen_id: int) -> Screen:
    """The screen, locked until the transaction ends. Refused: ScreenUnknown."""
    found = Screen.objects.select_for_update().filter(pk=screen_id).first()
    if found is None:
        raise ScreenUnknown("There is no such screen. Look at the list again")
    return found
