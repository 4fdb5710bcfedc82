"""Writes ionosphere.csv from Ionosphere.rda of the R package mlbench: python3 convert.py Ionosphere.rda"""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from rframe import columns, csv  # noqa: E402

table = columns(sys.argv[1])
table["Class"] = [str(["bad", "good"].index(word)) for word in table["Class"]]
(here / "ionosphere.csv").write_text(csv(table), encoding="ascii", newline="\n")
