"""Makes .venv with the locked packages, when they are not there yet, and goes on inside it.

Runs on the machine's own Python, so it uses the standard library alone. `_bootstrap.py NAME ARGUMENTS…` ends
as `.venv/bin/python bin/_NAME.py ARGUMENTS…`.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENT = REPOSITORY / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCKS = {"demo": "requirements.lock"}  # the others need the developers' packages too
EVERY_LOCK = "requirements-dev.lock"
PROGRESS_EVERY = 5  # seconds
PIP = [
    *("-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout", "20"),
    *("install", "--require-hashes", "--no-deps", "--progress-bar", "off"),
]


def main(name: str, *arguments: str) -> NoReturn:
    try:
        prepare(LOCKS.get(name, EVERY_LOCK))
    except KeyboardInterrupt:
        sys.exit(130)
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    os.execv(PYTHON, [str(PYTHON), str(REPOSITORY / "bin" / f"_{name}.py"), *arguments])


def prepare(lock: str, place: Path = ENVIRONMENT) -> None:
    """The environment holds what the lock names afterwards; ends the program with a sentence when it cannot."""
    if fresh(lock, place):
        return
    repository = os.open(REPOSITORY, os.O_RDONLY)
    fcntl.flock(repository, fcntl.LOCK_EX)  # two commands at once: the second finds the work done
    if not fresh(lock, place):
        begun = time.monotonic()
        make_environment(place)
        install(lock, place)
        print(f"Installed in {time.monotonic() - begun:.0f} s.", flush=True)
    os.close(repository)


def fresh(lock: str, place: Path = ENVIRONMENT) -> bool:
    """Has this lock, or the larger one that contains it, been installed as it is now, and is Python still there?"""
    return (place / "bin" / "python").exists() and any(
        stamp(each, place).exists() and stamp(each, place).read_text() == fingerprint(each)
        for each in {lock, EVERY_LOCK}
    )


def stamp(lock: str, place: Path) -> Path:
    return place / f"installed-{lock}"


def fingerprint(lock: str) -> str:
    return hashlib.sha256((REPOSITORY / lock).read_bytes()).hexdigest()


def make_environment(place: Path) -> None:
    python = place / "bin" / "python"
    if python.exists() and subprocess.run([python, "-m", "pip", "-V"], capture_output=True).returncode == 0:
        return
    name = os.path.relpath(place, REPOSITORY)
    print(f"Making {name} with Python {sys.version.split()[0]}.", flush=True)
    if not os.access(REPOSITORY, os.W_OK):
        sys.exit(f"Movie Counter keeps its packages in {place}, and cannot write there.")
    maker = getattr(sys, "_base_executable", sys.executable)  # not the one that is about to be cleared away
    made = subprocess.run([maker, "-m", "venv", "--clear", place], capture_output=True, text=True)
    if made.returncode:
        words = (made.stderr.strip() or made.stdout.strip()).splitlines()[-1:]
        sys.exit(f"Python could not make {place}: {' '.join(words)}")


def install(lock: str, place: Path) -> None:
    print(f"Installing the packages of {lock}.", flush=True)
    log = place / "install.log"
    fetched, said = 0, time.monotonic()
    with (
        log.open("w") as record,
        subprocess.Popen(
            [place / "bin" / "python", *PIP, "-r", REPOSITORY / lock],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PIP_NO_COLOR": "1", "PYTHONPATH": ""},
        ) as pip,
    ):
        assert pip.stdout  # noqa: S101  a pipe was asked for
        for line in pip.stdout:
            record.write(line)
            fetched += line.startswith("Collecting")
            if line.startswith("Installing collected"):
                print(f"  {fetched} fetched, unpacking them", flush=True)
            elif time.monotonic() - said > PROGRESS_EVERY and line.startswith("Collecting"):
                print(f"  {fetched} fetched", flush=True)
                said = time.monotonic()
    if pip.returncode:
        sys.exit(f"{why(log.read_text())} The whole story is in {log}.")
    stamp(lock, place).write_text(fingerprint(lock))


def why(story: str) -> str:
    """What went wrong with pip, for a person."""
    if any(
        sign in story
        for sign in ("No matching distribution", "NewConnectionError", "Max retries", "Temporary")
    ):
        return "The packages could not be fetched: the package index cannot be reached. Connect, and run this again."
    if "No space left" in story:
        return "The packages do not fit: the disk is full."
    if "DO NOT MATCH THE HASHES" in story:
        return "A package that was fetched is not the one in the lock file, so nothing was installed."
    errors = [line for line in story.splitlines() if line.startswith("ERROR:")]
    return f"The packages could not be installed: {(errors or ['ERROR: unknown'])[-1][7:]}."


if __name__ == "__main__":
    main(*sys.argv[1:])
