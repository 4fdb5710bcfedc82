"""Writes wind.csv from the store of the R package circular: python3 convert.py FOLDER, which holds Rdata.rdb and Rdata.rdx"""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
sys.dont_write_bytecode = True                               # the library would carry it
from rframe import csv, stored  # noqa: E402

(here / "wind.csv").write_text(csv({"direction": stored(sys.argv[1], "wind")["wind"]}), encoding="ascii", newline="\n")
