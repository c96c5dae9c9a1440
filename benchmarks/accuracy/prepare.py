"""Writes the held-out tables as CSV into .peers/accuracy/ (never into the repository).

usage: prepare.py --mlbench <folder with LetterRecognition.rda and Satellite.rda> --vega <npm folder vega-datasets>

Letter Recognition and Satellite come from Debian's r-cran-mlbench (apt-get download, dpkg -x), the flights
from npm's vega-datasets (200,000 flights: delay, distance, time of day).
"""

import argparse
import warnings
from pathlib import Path

import pyarrow.ipc
import rdata

warnings.filterwarnings("ignore")
ROOT = Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--mlbench", type=Path, default=ROOT / ".peers/deb/mlbench/usr/lib/R/site-library/mlbench/data")
parser.add_argument("--vega", type=Path, default=ROOT / ".peers/js/node_modules/vega-datasets")
parser.add_argument("--out", type=Path, default=ROOT / ".peers/accuracy")
options = parser.parse_args()
options.out.mkdir(parents=True, exist_ok=True)

for name, file in {"LetterRecognition": "letter.csv", "Satellite": "satellite.csv"}.items():
    frame = rdata.read_rda(options.mlbench / f"{name}.rda")[name]
    frame.to_csv(options.out / file, index=False)
    print(f"{file}: {len(frame)} rows, {len(frame.columns)} columns")

with open(options.vega / "data/flights-200k.arrow", "rb") as source:
    head = source.read(6)
    source.seek(0)
    open_arrow = pyarrow.ipc.open_file if head == b"ARROW1" else pyarrow.ipc.open_stream
    flights = open_arrow(source).read_all().to_pandas()
flights.to_csv(options.out / "flights.csv", index=False)
print(f"flights.csv: {len(flights)} rows, {len(flights.columns)} columns: {', '.join(flights.columns)}")
