"""Writes quakes.csv from the store of R's package datasets: python3 convert.py FOLDER, which holds Rdata.rdb and Rdata.rdx"""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
sys.dont_write_bytecode = True                               # the library would carry it
from rframe import csv, stored  # noqa: E402

(here / "quakes.csv").write_text(csv(stored(sys.argv[1], "quakes")), encoding="ascii", newline="\n")
