"""Trains each held-out table from the command line with no flag but --target (and a seed), then fits
scikit-learn on the very same saved split, five seeds, and writes ACCURACY.md and accuracy.json.

usage: compare.py [--tables letter,satellite,flights] [--seeds 5] [--node node]

The linear models see standardised numbers and one-hot categories. `default` is scikit-learn's own setting
fitted on the training split; `tuned` chooses its strength on the validation split and counts when it is better.
Athanor's test metric is computed here again from test-predictions.csv and must equal what it reports.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
TABLES = {
    "letter": {"title": "Letter Recognition", "file": "letter.csv", "target": "lettr", "task": "classes", "margin": 0.10},
    "satellite": {"title": "Satellite", "file": "satellite.csv", "target": "classes", "task": "classes", "margin": 0.0},
    "flights": {"title": "Flights' delay", "file": "flights.csv", "target": "delay", "task": "number", "margin": 0.0},
}
parser = argparse.ArgumentParser()
parser.add_argument("--tables", default=",".join(TABLES))
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--first-seed", type=int, default=1)
parser.add_argument("--node", default="node")
parser.add_argument("--data", type=Path, default=ROOT / ".peers/accuracy")
options = parser.parse_args()


def train(table, seed):
    started = time.time()
    done = subprocess.run(
        [options.node, str(ROOT / "dist/cli/main.js"), "train", str(options.data / table["file"]), "--target", table["target"],
         "--seed", str(seed), "--json", "--out", str(options.data / "runs")],
        capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"athanor train ended with {done.returncode}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    answer["wallSeconds"] = time.time() - started
    return answer


def rows_of(split, name):
    """Row ids as an array of numbers, or as {name: [...]} nested in `rows`."""
    found = split.get(name, split.get("rows", {}).get(name) if isinstance(split.get("rows"), dict) else None)
    return np.asarray(found, dtype=np.int64)


def linear(table, frame, split):
    x = frame.drop(columns=[table["target"]])
    y = frame[table["target"]]
    numbers = x.select_dtypes("number").columns.tolist()
    others = [c for c in x.columns if c not in numbers]
    steps = [(make_pipeline(SimpleImputer(), StandardScaler()), numbers)]
    if others:
        steps.append((make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), others))
    prepare = make_column_transformer(*steps)
    train_ids, validation_ids, test_ids = (rows_of(split, n) for n in ("train", "validation", "test"))
    assert not (set(train_ids) & set(test_ids)) and not (set(validation_ids) & set(test_ids)), "splits overlap"
    xs = prepare.fit_transform(x.iloc[train_ids])
    classes = table["task"] == "classes"
    score = (lambda m, ids: accuracy_score(y.iloc[ids], m.predict(prepare.transform(x.iloc[ids])))) if classes else (
        lambda m, ids: r2_score(y.iloc[ids], m.predict(prepare.transform(x.iloc[ids]))))
    make = (lambda s: LogisticRegression(C=s, max_iter=2000)) if classes else (lambda s: Ridge(alpha=1 / s))
    fitted = {s: make(s).fit(xs, y.iloc[train_ids]) for s in (1.0, 0.01, 0.1, 10.0, 100.0)}
    chosen = max(fitted, key=lambda s: score(fitted[s], validation_ids))
    return score(fitted[1.0], test_ids), score(fitted[chosen], test_ids)


def own_score(table, frame, run, split):
    """The metric again, from the predictions that the run saved."""
    saved = pd.read_csv(Path(run["path"]) / "test-predictions.csv")
    ids = rows_of(split, "test")
    truth = frame[table["target"]].iloc[ids]
    if len(saved) != len(ids):
        raise SystemExit(f"{len(saved)} predictions for {len(ids)} test rows")
    assert "row" not in saved.columns or (saved["row"].to_numpy() == ids + 1).all(), "predictions are of other rows"
    if table["target"] in saved.columns:
        assert (saved[table["target"]].astype(str).to_numpy() == truth.astype(str).to_numpy()).all() or table["task"] == "number"
    if table["task"] == "classes":
        return accuracy_score(truth.astype(str), saved["prediction"].astype(str))
    return r2_score(truth, saved["prediction"])


results = {}
for key in options.tables.split(","):
    table = TABLES[key]
    frame = pd.read_csv(options.data / table["file"], keep_default_na=True)
    metric = "accuracy" if table["task"] == "classes" else "r2"
    rows = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        run = train(table, seed)
        split = json.loads((Path(run["path"]) / "split.json").read_text())
        default, tuned = linear(table, frame, split)
        again = own_score(table, frame, run, split)
        reported = run["metrics"]["test"][metric]
        if abs(again - reported) > 1e-4:
            print(f"WARNING: {key} seed {seed}: reported {metric} {reported}, recomputed {again}")
        rows.append({"seed": seed, "athanor": again, "reported": reported, "default": default, "tuned": tuned,
                     "seconds": run["wallSeconds"], "epochs": run.get("epochs")})
        print(f"{key} seed {seed}: {metric} athanor {again:.4f} linear {default:.4f} tuned {tuned:.4f} ({run['wallSeconds']:.0f} s)", flush=True)
    results[key] = {"metric": metric, "rows": rows}

lines = [
    "# Accuracy on held-out tables",
    "",
    "`athanor train <table> --target <column>` with no other flag than the seed, against scikit-learn's logistic and ridge regression",
    "(standardised numbers, one-hot categories) on the same saved splits. Made by `benchmarks/accuracy/compare.py`; these tables were not",
    "used while building.",
    "",
    "| table | metric | Athanor, mean (sd) | linear, default | linear, tuned on validation | difference to the better | asked | seconds a run |",
    "|---|---|---|---|---|---|---|---|",
]
for key, result in results.items():
    table = TABLES[key]
    mean = lambda name: float(np.mean([r[name] for r in result["rows"]]))
    sd = float(np.std([r["athanor"] for r in result["rows"]], ddof=1)) if len(result["rows"]) > 1 else 0.0
    gain = mean("athanor") - max(mean("default"), mean("tuned"))
    met = "met" if gain >= table["margin"] else "NOT met"
    result["gain"], result["met"] = gain, gain >= table["margin"]
    asked = f"≥ +{table['margin']:.2f}" if table["margin"] else "≥ 0"
    lines.append(f"| {table['title']} | {result['metric']} | {mean('athanor'):.4f} ({sd:.4f}) | {mean('default'):.4f} | {mean('tuned'):.4f} | {gain:+.4f} | {asked}: {met} | {mean('seconds'):.0f} |")
(HERE / "ACCURACY.md").write_text("\n".join(lines) + "\n")
(HERE / "accuracy.json").write_text(json.dumps(results, indent=2) + "\n")
print("\n".join(lines))
