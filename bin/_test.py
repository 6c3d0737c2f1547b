"""Everything that has to hold, in the size that fits CI: bin/test [--long] [pytest arguments].

Programs that the tests use and pip cannot bring are installed by apt where that is allowed; without them
the tests that need them are skipped, each with a sentence, and fail when CI=true.
"""

import os
import shutil
import subprocess
import sys
import time
from ctypes.util import find_library

from _check import static, tests, verdict

WANTED = {  # Debian's package, and whether it is here; npm is for the long size alone
    "chromium": lambda: bool(shutil.which("chromium")),
    "nodejs": lambda: bool(shutil.which("node")),
    "poppler-utils": lambda: bool(shutil.which("pdftoppm")),
    "libzbar0": lambda: bool(find_library("zbar")),
    "strace": lambda: bool(shutil.which("strace")),
}


def apt(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["apt-get", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def install_programs(*more: str) -> None:
    """Those of WANTED, and programs that are called as their packages are."""
    missing = [package for package, here in WANTED.items() if not here()]
    missing += [program for program in more if not shutil.which(program)]
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Not installed here, so tests that need them are skipped: {names}.", flush=True)
        return
    begun = time.monotonic()
    print(f"Installing {names} with apt-get.", flush=True)
    apt("update", "-q")
    done = apt("install", "-q", "-y", "--no-install-recommends", *missing)
    if done.returncode:
        print(f"apt-get could not install them: {done.stdout.strip().splitlines()[-1]}", flush=True)
    else:
        print(f"Installed in {time.monotonic() - begun:.0f} s.", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    size, more = ["-m", "not long"], []
    if "--long" in arguments:
        arguments.remove("--long")
        os.environ["TEST_SIZE"] = "long"
        size, more = [], ["npm", "openssl"]
    install_programs(*more)
    failed = static()
    if failed:
        print(f"Does not hold: {', '.join(failed)}. The tests run all the same.", flush=True)
    sys.exit(verdict(failed, tests(*size, *arguments)))
