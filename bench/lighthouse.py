"""Lighthouse, as a phone on a slow network sees the pages that people come to; its version is pinned, from npm."""

import json
import os
import subprocess
from typing import Any

from bench.house import ROOT, House
from bench.live import one_process

VERSION = "12.8.2"
PLACE = ROOT / "var" / f"lighthouse-{VERSION}"
CHROMIUM = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
SCORES = ("performance", "accessibility", "best-practices")
TRIES = 3
FIGURES = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


def measure(house: House, _seconds: float) -> None:
    """Home, a movie's page and the seats of a show (ux.md, goals 9, 12 and 13)."""
    if not PLACE.exists():
        npm = ["npm", "install", "--silent", "--prefix", str(PLACE), f"lighthouse@{VERSION}"]
        subprocess.run(npm, check=True)
    print(f"\n| lighthouse, phone | {' | '.join(SCORES)} | {' | '.join(FIGURES)} | short of full marks |")
    print(f"|---|{'---|' * (len(SCORES) + len(FIGURES) + 1)}")
    with one_process(house, "bench.compressed:application") as (port, _):
        for name, path in {
            "home": "/",
            "movie page": f"/movies/{house.slug}/",
            "seat page": f"/shows/{house.wide[0]}/seats/",
        }.items():
            told = _look(f"http://localhost:{port}{path}")
            scores = [f"{told['categories'][score]['score'] * 100:.0f}" for score in SCORES]
            figures = [told["audits"][figure]["displayValue"] for figure in FIGURES]
            print(
                f"| {name} | {' | '.join(scores + figures)} | {', '.join(_short(told)) or '–'} |", flush=True
            )


def _look(address: str) -> Any:
    """What Lighthouse says of a page; now and then Chromium loses the beginning of its trace, and is asked again."""
    command = [
        str(PLACE / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
        f"--only-categories={','.join(SCORES)}", f"--chrome-flags={FLAGS}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
    raise RuntimeError(done.stderr.strip())


def _short(told: Any) -> list[str]:
    """What has weight and is not perfect, speed apart: that varies with the machine."""
    return [
        part["id"]
        for score in SCORES[1:]
        for part in told["categories"][score]["auditRefs"]
        if part["weight"] and told["audits"][part["id"]]["score"] not in (1, None)
    ]
