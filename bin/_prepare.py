"""What the demo needs Django for, in one process that ends: `_prepare.py STEP…`, each step with its time.

The steps, all safe to run again: `tables`, `rights`, `files`, `cinema`, and `sign-ins`, which waits for the first page
and then writes demo.json. `quietly` before them says nothing and lets the web server go first.
"""

import http.client
import os
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

HOST = "127.0.0.1"
PATIENCE = 60  # seconds for the first page
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "tables": ("Preparing the database", "migrate", {"interactive": False, "verbosity": 0}),
    "rights": ("Giving the database’s roles their rights", "grant_rights", {"login": True}),
    "files": ("Collecting the pages' files", "collectstatic", {"interactive": False, "verbosity": 0}),
    "cinema": ("Loading the demo cinema", "load_demo", {}),
}


def main(*steps: str) -> None:
    quietly = "quietly" in steps
    if quietly:
        os.nice(10)  # the first page matters more
    django.setup()
    for step in steps:
        if step == "sign-ins":
            wait_for_first_page(int(os.environ["PORT"]))
            path = Path(os.environ["DATA_DIR"]) / "demo.json"
            call_command("write_demo_json", url=os.environ["SITE_URL"], path=path)
        elif step in STEPS:
            take(step, quietly)


def take(step: str, quietly: bool) -> None:
    words, command, options = STEPS[step]
    if quietly:
        with Path(os.devnull).open("w") as nowhere:
            call_command(command, stdout=nowhere, **options)
        return
    begun = time.monotonic()
    print(f"{words} …", flush=True)
    call_command(command, **options)
    print(f"  {time.monotonic() - begun:.1f} s", flush=True)


def wait_for_first_page(port: int) -> None:
    begun = time.monotonic()
    while not answers(port):
        if time.monotonic() - begun > PATIENCE:
            sys.exit(f"The first page did not come within {PATIENCE} s.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Do the health check and the home page answer 200?"""
    try:
        for path in ("/healthz", "/"):
            caller = http.client.HTTPConnection(HOST, port, timeout=10)
            try:
                caller.request("GET", path, headers={"Host": f"localhost:{port}"})
                if caller.getresponse().status != 200:
                    return False
            finally:
                caller.close()
    except (OSError, http.client.HTTPException):
        return False
    return True


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OperationalError as error:
        sys.exit(f"The database does not answer: {str(error).strip().splitlines()[0]}")
    except CommandError as error:
        sys.exit(str(error))
