"""Oracle values of support vector machines from scikit-learn: writes src/classic/svm/fixtures/*.json.

Run: python scripts/oracles/svm.py   (same bytes at every run)
"""
import csv
import json
import pathlib
import warnings

import numpy as np
import sklearn
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, OneClassSVM

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "src/classic/svm/fixtures"
rng = np.random.default_rng(5)
CAMEL = {
    "class_weight": "classWeight", "decision_function_shape": "decisionFunctionShape", "break_ties": "breakTies",
    "intercept_scaling": "interceptScaling", "fit_intercept": "fitIntercept",
}
WORDS = {
    "squared_hinge": "squaredHinge", "epsilon_insensitive": "epsilonInsensitive",
    "squared_epsilon_insensitive": "squaredEpsilonInsensitive",
}


def write(name, **parts):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"sklearn": sklearn.__version__, **parts}, separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text.replace('},{"name"', '},\n{"name"') + "\n")
    print(name, len(text) // 1024, "kB")


def short(a):
    return [float(f"{v:.9g}") for v in np.ravel(a)]


def scaled(x):
    return np.round((x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1), 4)


def penguins():
    with open(ROOT / "examples/data/penguins.csv") as file:
        rows = list(csv.DictReader(file))
    columns = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    rows = [r for r in rows if all(r[c] not in ("", "NA") for c in columns)]
    x = np.array([[float(r[c]) for c in columns] for r in rows])
    species = sorted({r["species"] for r in rows})
    return x, np.array([species.index(r["species"]) for r in rows])


def made(n, p):
    x = np.round(rng.normal(size=(n, p)), 3)
    return x, np.round(np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 + 0.1 * rng.normal(size=n), 4)


ix, iy = load_iris(return_X_y=True)
wx, wy = load_wine(return_X_y=True)
dx, dy = load_digits(return_X_y=True)
px, py = penguins()
mx, mt = made(150, 4)
words = np.where(rng.random((120, 60)) < 0.08, np.round(rng.random((120, 60)) + 0.2, 3), 0)
data = {
    "iris": (ix, iy), "wine": (scaled(wx), wy), "digits": (dx[:300], dy[:300]), "penguins": (scaled(px), py),
    "raw wine": (wx, wy), "made": (mx, mt), "made classes": (mx, (mt > np.median(mt)).astype(int)),
    "words": (words, (words[:, :20].sum(1) > words[:, 20:40].sum(1)).astype(int)),
}
weights = {name: np.round(rng.random(len(x)), 3) for name, (x, _) in data.items()}
weights["iris"][::7] = 0


def options(params):
    out = {}
    for key, value in params.items():
        if isinstance(value, dict):
            value = {str(k): v for k, v in value.items()}
        out[CAMEL.get(key, key)] = WORDS.get(value, value) if isinstance(value, str) else value
    return out


def machine(kind, name, params, weighted=False, tol=1e-9, kernel_matrix=False):
    """tol is tight, so that only one solution is left; default tolerance where it says so."""
    x, y = data[name]
    given = x @ x.T if kernel_matrix else x
    w = weights[name] if weighted else None
    m = {"SVC": SVC, "SVR": SVR, "OneClassSVM": OneClassSVM}[kind](tol=tol, **params)
    m.fit(given, None if kind == "OneClassSVM" else y, sample_weight=w)
    case = {
        "name": f"{kind} on {name} {params or ''}{' weighted' if weighted else ''}{' loosely' if tol == 1e-3 else ''}",
        "kind": kind, "data": name, "params": {**options(params), "tol": tol}, "weighted": weighted,
        "kernelMatrix": kernel_matrix,
    }
    kept = np.flatnonzero(w > 0) if w is not None else np.arange(len(x))
    # scikit-learn counts places among the rows whose weight is not 0.
    case["support"] = kept[m.support_].tolist()
    case["dualCoef"] = short(m.dual_coef_)
    case["intercept"] = short(m.intercept_)
    case["decisions"] = short(m.predict(given) if kind == "SVR" else m.decision_function(given[:40]))
    case["predictions"] = [] if kind == "SVR" else m.predict(given).tolist()
    if kind == "SVC":
        case["nSupport"] = m.n_support_.tolist()
    if params.get("kernel") == "linear":
        case["coef"] = short(m.coef_)
    # Equal rows share their coefficients as they like.
    case["unique"] = len(np.unique(x, axis=0)) == len(x)
    return case


def machines():
    cases = [
        machine("SVC", "iris", {}),
        machine("SVC", "iris", {"kernel": "linear"}),
        machine("SVC", "iris", {"gamma": "auto", "C": 10, "class_weight": "balanced"}, weighted=True),
        machine("SVC", "wine", {"kernel": "poly", "coef0": 1, "degree": 2}),
        machine("SVC", "raw wine", {}, tol=1e-3),
        machine("SVC", "wine", {"kernel": "sigmoid", "gamma": 0.02, "decision_function_shape": "ovo"}),
        machine("SVC", "digits", {"gamma": 0.001}),
        machine("SVC", "penguins", {"C": 100, "class_weight": {0: 2.0, 2: 0.5}}),
        machine("SVC", "penguins", {"break_ties": True}, tol=1e-3),
        machine("SVC", "made classes", {"C": 5}),
        machine("SVC", "made classes", {"gamma": 2.5}, weighted=True),
        machine("SVC", "words", {"C": 3}),
        machine("SVC", "words", {"kernel": "linear"}),
        machine("SVC", "wine", {"kernel": "precomputed"}, kernel_matrix=True),
        machine("SVR", "made", {}),
        machine("SVR", "made", {"C": 50, "epsilon": 0.3}, weighted=True),
        machine("SVR", "made", {"kernel": "linear"}),
        machine("SVR", "made", {"kernel": "poly", "coef0": 1}, tol=1e-7),
        machine("SVR", "made", {"epsilon": 0, "C": 0.5}),
        machine("SVR", "words", {}),
        machine("OneClassSVM", "made", {"nu": 0.2}),
        machine("OneClassSVM", "made", {"nu": 0.5, "gamma": 1.0}, weighted=True),
    ]
    write("machines", cases=cases)


def linear(kind, name, params, weighted=False):
    x, y = data[name]
    w = weights[name] if weighted else None
    m = {"LinearSVC": LinearSVC, "LinearSVR": LinearSVR}[kind](tol=1e-10, max_iter=200000, random_state=0, **params)
    m.fit(x, y, sample_weight=w)
    return {
        "name": f"{kind} on {name} {params or ''}{' weighted' if weighted else ''}", "kind": kind, "data": name,
        "params": options(params), "weighted": weighted,
        "coef": short(m.coef_), "intercept": short(np.broadcast_to(m.intercept_, len(np.atleast_2d(m.coef_)))),
        "decisions": short((m.predict if kind == "LinearSVR" else m.decision_function)(x[:40])),
    }


def linears():
    cases = [
        linear("LinearSVC", "wine", {"loss": "hinge", "C": 0.1}),
        linear("LinearSVC", "wine", {"dual": True}),
        linear("LinearSVC", "wine", {"dual": False}),
        linear("LinearSVC", "wine", {"class_weight": "balanced", "intercept_scaling": 10}, weighted=True),
        linear("LinearSVC", "wine", {"penalty": "l1", "dual": False, "C": 0.2}),
        linear("LinearSVC", "penguins", {"fit_intercept": False, "class_weight": {1: 3.0}}),
        linear("LinearSVC", "made classes", {"penalty": "l1", "dual": False}, weighted=True),
        linear("LinearSVC", "made classes", {"loss": "hinge"}),
        linear("LinearSVC", "words", {}),
        linear("LinearSVC", "words", {"penalty": "l1", "dual": False, "C": 2}),
        linear("LinearSVR", "made", {}),
        linear("LinearSVR", "made", {"epsilon": 0.2, "C": 0.3}, weighted=True),
        linear("LinearSVR", "made", {"loss": "squared_epsilon_insensitive", "dual": True, "epsilon": 0.1}),
        linear("LinearSVR", "made", {"loss": "squared_epsilon_insensitive", "dual": False}, weighted=True),
        linear("LinearSVR", "made", {"fit_intercept": False}),
        linear("LinearSVR", "words", {"loss": "squared_epsilon_insensitive"}),
    ]
    write("linear", cases=cases)


def probabilities():
    """Sigmoids come from random folds: scikit-learn's mean over several seeds, and its spread."""
    cases = []
    for name, params in [("iris", {}), ("penguins", {"C": 10}), ("made classes", {}), ("digits", {"gamma": 0.001})]:
        x, y = data[name]
        runs = []
        for seed in range(8):
            m = SVC(probability=True, random_state=seed, **params).fit(x, y)
            runs.append(m.predict_proba(x[::5]))
        cases.append({
            "name": name, "params": options(params), "every": 5,
            "mean": [round(v, 4) for v in np.mean(runs, 0).ravel().tolist()],
            "spread": round(float(np.max(np.ptp(runs, 0))), 4),
        })
    write("probabilities", cases=cases)


def tables():
    out = {}
    for name, (x, y) in data.items():
        sparse = csr_matrix(x) if name == "words" else None
        out[name] = {
            "x": x.tolist() if name != "digits" else x.astype(int).tolist(),
            "y": None if y is None else y.tolist(), "weights": weights[name].tolist(),
            **({} if sparse is None else {
                "indptr": sparse.indptr.tolist(), "indices": sparse.indices.tolist(), "values": sparse.data.tolist()}),
        }
    write("tables", tables=out)


tables()
machines()
linears()
probabilities()
