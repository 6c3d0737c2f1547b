"""Hands over to the package bench."""

import os
import sys
from pathlib import Path

os.chdir(Path(__file__).resolve().parent.parent)
os.execv(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]])
