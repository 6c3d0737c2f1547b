"""What an action says when it refuses."""

from collections.abc import Callable

import pytest

from theatre.rules.refusals import Refused


def refusal(deed: Callable[[], object]) -> Refused:
    """The refusal that the deed ends with."""
    with pytest.raises(Refused) as caught:
        deed()
    return caught.value
