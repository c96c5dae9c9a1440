"""Tables that several oracles share: iris, wine, digits, penguins and generated ones. Run by itself it
writes src/classic/testing/fixtures/tables.json, where tests read them by name.

Run: python scripts/oracles/tables.py   (same bytes at every run)
"""
import csv
import json
import pathlib

import numpy as np
from sklearn import datasets

ROOT = pathlib.Path(__file__).parents[2]


def penguins():
    columns = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    with open(ROOT / "examples/data/penguins.csv") as file:
        rows = [row for row in csv.DictReader(file) if all(row[c] not in ("", "NA") for c in columns)]
    species = sorted({row["species"] for row in rows})
    x = np.array([[float(row[c]) for c in columns] for row in rows])
    return x, np.array([species.index(row["species"]) for row in rows])


def generated():
    rng = np.random.default_rng(5)
    centers = rng.normal(size=(6, 5)) * 4
    y = rng.integers(0, 6, 240)
    blobs = np.round(centers[y] + rng.normal(size=(240, 5)), 3)
    wide = np.round(rng.normal(size=(18, 40)) @ np.diag(np.linspace(3, 0.1, 40)), 3)
    a = rng.normal(size=(60, 2))
    collinear = np.round(np.c_[a[:, 0], 2 * a[:, 0], a[:, 1], a[:, 0] + a[:, 1]], 3)
    return {
        "blobs": (blobs, y),
        "wide": (wide, np.arange(18) % 2),
        "collinear": (collinear, (a[:, 0] > 0).astype(int)),
    }


def tables():
    digits = datasets.load_digits()
    return {
        "iris": datasets.load_iris(return_X_y=True),
        "wine": datasets.load_wine(return_X_y=True),
        "digits": (digits.data[:300], digits.target[:300]),
        "penguins": penguins(),
        **generated(),
    }


def plain(value):
    """Arrays as lists; whole numbers without their `.0`."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return int(value) if value == int(value) and abs(value) < 2**53 else value
    return value


def write(path, cases, **head):
    path = ROOT / "src/classic" / path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    path.write_text(json.dumps(head)[:-1] + (", " if head else "") + '"cases": [\n' + lines + "\n]}\n")
    print(f"{path.relative_to(ROOT)}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    write(
        "testing/fixtures/tables.json",
        [{"name": name, "x": plain(x), "y": plain(y)} for name, (x, y) in tables().items()],
    )
