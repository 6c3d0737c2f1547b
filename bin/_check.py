"""What holds without running the theatre, each step with its time; then the quick tests.

`static()` is shared with bin/test. Two steps run at once, for most use one core.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
BESIDE_PYTHON = Path(sys.executable).parent
TEMPLATES = sorted(map(str, (REPOSITORY / "theatre" / "templates").rglob("*.html")))
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

PYTHON = sys.executable
STEPS = {
    "types": [PYTHON, "-m", "mypy"],
    "style": [PYTHON, "-m", "ruff", "check", "--quiet"],
    "layout": [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
    "rooms": [PYTHON, "-c", LINT_IMPORTS, "--no-cache"],
    "templates": [str(BESIDE_PYTHON / "djade"), "--check", "--target-version", "5.2", *TEMPLATES],
    "dangers": [PYTHON, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", "theatre", "config", "bin"],
    "patterns": [PYTHON, "bin/_semgrep.py", "--error", "theatre", "config", "bin"],
    "packages": [PYTHON, "-m", "deptry", "."],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def static() -> list[str]:
    """Runs every step, says how each went, and returns the names of those that failed."""
    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(step, STEPS))
    return [name for name, well in zip(STEPS, went, strict=True) if not well]


def step(name: str) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        STEPS[name],
        cwd=REPOSITORY,
        env=test_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict, words = ("FAILED", f"\n{done.stdout.strip()}") if done.returncode else ("holds", "")
    print(f"{name} {verdict} ({time.monotonic() - begun:.1f} s){words}", flush=True)
    return not done.returncode


def test_environment() -> dict[str, str]:
    data_dir = os.environ.get("DATA_DIR", str(REPOSITORY / "var" / "test"))
    return os.environ | {"THEATRE_MODE": "test", "DATA_DIR": data_dir}


def tests(*arguments: str) -> int:
    """Runs pytest on two processes and returns its exit code."""
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=test_environment(), check=False).returncode


def verdict(failed: list[str], pytest_code: int) -> str | int:
    """What the program ends with: a sentence naming the steps that failed, or pytest's own code."""
    return f"Does not hold: {', '.join(failed)}." if failed else pytest_code


if __name__ == "__main__":
    begun = time.monotonic()
    failed = static()
    code = tests("-q", "-m", "not slow and not long and not browser", *sys.argv[1:])
    print(f"Checked in {time.monotonic() - begun:.0f} s.", flush=True)
    sys.exit(verdict(failed, code))
