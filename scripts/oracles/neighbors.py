"""Oracle values of neighbours: writes src/classic/neighbors/fixtures/neighbors.json.

Which rows are nearest is worked out in float64 here, ties to the lower row, since scikit-learn leaves ties
open; predictions are scikit-learn's.

Run: python scripts/oracles/neighbors.py   (same bytes at every run)
"""
import csv
import json
import pathlib

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "src/classic/neighbors/fixtures"
rng = np.random.default_rng(8)


def scaled(x):
    return np.round((x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1), 4)


def penguins():
    with open(ROOT / "examples/data/penguins.csv") as file:
        rows = list(csv.DictReader(file))
    columns = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    rows = [r for r in rows if all(r[c] not in ("", "NA") for c in columns)]
    species = sorted({r["species"] for r in rows})
    x = np.array([[float(r[c]) for c in columns] for r in rows])
    return np.round(x * 10).astype(int), np.array([species.index(r["species"]) for r in rows])


ix, iy = load_iris(return_X_y=True)
wx, wy = load_wine(return_X_y=True)
dx, dy = load_digits(return_X_y=True)
mx = np.round(rng.normal(size=(600, 3)) * 1024) / 1024
tables = {
    # In tenths, so that differences are exact and ties are ties.
    "iris": (np.round(ix * 10).astype(int), iy), "wine": (scaled(wx), wy), "digits": (dx[:300].astype(int), dy[:300]), "penguins": penguins(),
    "made": (mx, np.round(np.sin(2 * mx[:, 0]) + mx[:, 1], 3)),
}


def distances(x, q, metric, p):
    difference = np.abs(q[:, None, :] - x[None, :, :])
    if metric == "cosine":
        norms = np.linalg.norm(x, axis=1)
        return np.maximum(0, 1 - q @ x.T / np.outer(np.linalg.norm(q, axis=1), norms))
    if metric == "chebyshev":
        return difference.max(2)
    p = {"manhattan": 1, "euclidean": 2}.get(metric, p)
    return (difference**p).sum(2) ** (1 / p)


def case(name, k, metric="minkowski", p=2, weights="uniform"):
    x, y = (np.asarray(part) for part in tables[name])
    train, ask = np.arange(len(x)) % 4 != 0, np.arange(len(x)) % 4 == 0
    found = distances(x[train], x[ask].astype(float), metric, p)
    order = np.lexsort((np.broadcast_to(np.arange(found.shape[1]), found.shape), np.round(found, 12)), axis=1)[:, :k]
    Model = KNeighborsRegressor if name == "made" else KNeighborsClassifier
    model = Model(k, metric=metric, p=p, weights=weights).fit(x[train], y[train])
    near = np.sort(found, axis=1)
    # Where the k-th and the next are equally far, what is predicted is a matter of taste.
    clear = near[:, k] - near[:, k - 1] > 1e-9
    return {
        "name": f"{k} of {name}, {metric}{f' {p}' if metric == 'minkowski' else ''}, {weights}",
        "data": name, "params": {"nNeighbors": k, "metric": metric, "p": p, "weights": weights},
        "indices": order[:25].ravel().tolist(),
        "distances": [float(f"{v:.12g}") for v in np.take_along_axis(found, order, 1)[:25].ravel()],
        "clear": np.flatnonzero(clear).tolist(),
        "predictions": [float(f"{v:.12g}") for v in model.predict(x[ask])],
        "probabilities": [] if name == "made" else
        [float(f"{v:.9g}") for v in model.predict_proba(x[ask]).ravel()],
    }


cases = [
    case("iris", 5), case("iris", 1), case("wine", 15, weights="distance"), case("wine", 3, "cosine"),
    case("digits", 5), case("digits", 4, "manhattan", weights="distance"), case("penguins", 7, "chebyshev"),
    case("penguins", 5, "minkowski", 3), case("made", 5), case("made", 10, "minkowski", 1.5, "distance"),
    case("made", 3, "manhattan"), case("made", 8, "chebyshev", weights="distance"), case("made", 4, "cosine"),
]
OUT.mkdir(parents=True, exist_ok=True)
data = {name: {"x": np.asarray(x).tolist(), "y": np.asarray(y).tolist()} for name, (x, y) in tables.items()}
text = json.dumps({"sklearn": sklearn.__version__, "tables": data, "cases": cases}, separators=(",", ":"))
(OUT / "neighbors.json").write_text(text.replace('},{"name"', '},\n{"name"') + "\n")
print(len(text) // 1024, "kB")
