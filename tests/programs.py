"""Programs that tests need and pip cannot bring: without one a test is skipped with a sentence, and fails when CI=true.

A test says so with `@pytest.mark.needs("strace")`, or as it goes with `need("pdftoppm")`.
"""

import os
import shutil
from ctypes.util import find_library
from functools import cache

import pytest

LIBRARIES = {"zbar"}


def need(*names: str) -> None:
    for name in names:
        if not here(name):
            sentence = f"{name} is not installed, so this was not tried"
            if os.environ.get("CI") == "true":
                pytest.fail(sentence)
            pytest.skip(sentence)


@cache
def here(name: str) -> bool:
    return bool(find_library(name) if name in LIBRARIES else shutil.which(name))
