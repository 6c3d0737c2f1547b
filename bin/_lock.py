"""Pins every package with its hashes, for every platform, and without the address of any index."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

# The second keeps to the first; the third has an environment of its own.
for name in ("requirements", "requirements-dev", "requirements-semgrep"):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
            *("--python-version", "3.11", "--no-emit-index-url", "--no-header", "--no-annotate"),
            *("--output-file", f"{name}.lock", *sys.argv[1:], f"{name}.in"),
        ],
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name}.lock could not be written.")
    print(f"{name}.lock is written.")
