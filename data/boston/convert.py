"""Writes boston.csv from BostonHousing.rda of the R package mlbench: python3 convert.py BostonHousing.rda"""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from rframe import columns, csv  # noqa: E402

(here / "boston.csv").write_text(csv(columns(sys.argv[1])), encoding="ascii", newline="\n")
