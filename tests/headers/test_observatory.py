"""MDN's HTTP Observatory asks the theatre as it runs in production, in a network that has nobody else (G18).

Its 230 packages come from npm, so it runs in the long size alone. In the size of CI tests/config/test_headers.py adds
up its marks, and test_csp_evaluator.py has the evaluator in the house.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.test_headers import HOST
from tests.config.test_settings import ROOT, WHOLE
from tests.races.serving import running

pytestmark = [pytest.mark.long, pytest.mark.node, pytest.mark.needs("npm", "unshare", "openssl", "ip")]

HERE = Path(__file__).resolve().parent
# What it may look up elsewhere, as files with nothing in them: our host is in no browser's list.
LISTS = {"hsts-preload.json": "{}", "tld-list.json": "[]"}


@pytest.fixture(scope="module")
def observatory(tmp_path_factory) -> Path:
    """Its program, as the lock file has it."""
    folder = tmp_path_factory.mktemp("observatory")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "observatory" / name, folder)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300
    )
    package = folder / "node_modules" / "@mdn" / "mdn-http-observatory"
    for name, nothing in LISTS.items():
        (package / "conf" / name).write_text(nothing)
    return package / "src" / "scan.js"


@pytest.fixture(scope="module")
def theatre(own_database, tmp_path_factory) -> Iterator[Path]:
    """The production server behind a socket of the file system, which other networks reach too."""
    folder = tmp_path_factory.mktemp("theatre")
    behind = folder / "theatre.sock"
    said = {
        **WHOLE, "DATABASE_URL": own_database.url, "DATA_DIR": str(folder), "BEHIND_PROXY": "true",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, env=os.environ | said,
        check=True,
    )  # fmt: skip
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--uds", str(behind), "--no-ws"),
        *("--log-level", "warning", "config.wsgi:application"),
    ]
    with running(command, **said):
        until = time.monotonic() + 60
        while not answers(behind):
            assert time.monotonic() < until, "the server did not come"
            time.sleep(0.1)
        yield behind


def answers(behind: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return behind.exists() and probe.connect_ex(str(behind)) == 0


def test_it_gives_its_best_grade(observatory, theatre, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    apart = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    told = subprocess.run(
        [*apart, sys.executable, str(HERE / "front.py"), str(theatre), HOST, str(certificate), str(key),
         "node", str(observatory), HOST],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip

    assert told.returncode == 0, told.stdout + told.stderr
    found = json.loads(told.stdout)
    print(json.dumps(found["scan"]), {name: test["scoreModifier"] for name, test in found["tests"].items()})
    assert [name for name, test in found["tests"].items() if not test["pass"]] == []
    assert found["scan"]["grade"] == "A+"
    assert found["scan"]["score"] >= 130
