"""Semgrep with the house's own rules (semgrep/*.yml): _semgrep.py ARGUMENTS…

Its pins are not ours, so it lives in .venv/semgrep, which is made here from a lock of its own.
"""

import os
import subprocess
import sys

from _bootstrap import ENVIRONMENT, REPOSITORY, prepare

LOCK = "requirements-semgrep.lock"
PLACE = ENVIRONMENT / "semgrep"
QUIETLY = ("--quiet", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--jobs=2")
# Its programs find each other on the PATH, and what it notes for itself stays beside them.
ENVIRON = {
    "PATH": f"{PLACE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    "PYTHONPATH": "",
    "SEMGREP_SETTINGS_FILE": str(PLACE / "settings.yml"),
    "SEMGREP_LOG_FILE": str(PLACE / "semgrep.log"),
}


def scan(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Asks nobody outside: the rules are files, and the figures stay here."""
    prepare(LOCK, PLACE)
    return subprocess.run(
        [PLACE / "bin" / "semgrep", "scan", *QUIETLY, "--config", "semgrep", *arguments],
        cwd=REPOSITORY,
        env=os.environ | ENVIRON,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    done = scan(*sys.argv[1:])
    print(done.stdout, done.stderr, sep="", end="", flush=True)
    sys.exit(done.returncode)
