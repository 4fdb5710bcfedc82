"""Writes sachs.csv.gz from Sachs.rda of the R package gss: python3 convert.py Sachs.rda"""

import gzip
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from rframe import columns, csv  # noqa: E402

table = columns(sys.argv[1])
del table["grp"]                                             # under which of nine conditions a cell was measured
text = csv(table, lambda value: f"{value:.5f}".rstrip("0").rstrip("."))
with open(here / "sachs.csv.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
    packed.write(text.encode("ascii"))
