"""Decision trees, forests and isolation forests of scikit-learn: writes src/classic/trees/fixtures/*.json.

Trees are kept only where no tie decides: where scikit-learn finds the same tree with ten seeds, which permute
the order in which it looks at features.

Run: python scripts/oracles/trees.py   (same bytes at every run)
"""
import csv
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, IsolationForest, RandomForestClassifier, RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, export_text

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "src/classic/trees/fixtures"
rng = np.random.default_rng(7)


def plain(a, digits=6):
    a = np.round(np.asarray(a, dtype=float), digits)
    return [None if np.isnan(v) else int(v) if v == int(v) else float(v) for v in a.ravel()]


def table(x, y):
    return {"rows": len(x), "width": x.shape[1], "x": plain(x), "y": plain(y)}


def penguins():
    rows = list(csv.DictReader(open(ROOT / "examples/data/penguins.csv")))
    columns = [c for c in rows[0] if c.endswith(("_mm", "_g"))]
    x = np.array([[float(r[c]) if r[c] not in ("", "NA") else np.nan for c in columns] for r in rows])
    kinds = sorted({r["species"] for r in rows})
    return x, np.array([kinds.index(r["species"]) for r in rows])


def generated(n, d, classes, missing=0.0):
    x = np.round(rng.normal(size=(n, d)), 3)
    z = x[:, 0] + 0.7 * x[:, 1] * x[:, 2] - 0.5 * x[:, 3] + rng.normal(size=n) * 0.5
    y = np.searchsorted(np.quantile(z, np.linspace(0, 1, classes + 1)[1:-1]), z) if classes else np.round(3 * z, 3)
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x, y


def nodes(model):
    """In preorder: feature, threshold, rows, impurity, whether missing values go left, values."""
    t, out, waiting = model.tree_, [], [0]
    while waiting:
        i = waiting.pop()
        leaf = t.children_left[i] < 0
        threshold = 0 if leaf else t.threshold[i]
        out.append([
            -1 if leaf else int(t.feature[i]), 1e308 if np.isinf(threshold) else round(float(threshold), 6),
            int(t.n_node_samples[i]), round(float(t.impurity[i]), 8), int(t.missing_go_to_left[i]) if not leaf else 0,
            *plain(t.value[i].ravel(), 8),
        ])
        if not leaf:
            waiting += [t.children_right[i], t.children_left[i]]
    return out


def same(a, b):
    return len(a) == len(b) and all(np.allclose(p, q, atol=1e-6) for p, q in zip(a, b))


def grown(kind, params, x, y, weights):
    models = [kind(random_state=seed, **params).fit(x, y, sample_weight=weights) for seed in range(10)]
    first = nodes(models[0])
    return (models[0], first) if all(same(first, nodes(m)) for m in models[1:]) else (None, None)


def camel(name):
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


CRITERIA = {"squared_error": "squaredError", "absolute_error": "absoluteError", "log_loss": "logLoss"}


def params_of(params):
    return {camel(k): CRITERIA.get(v, v) if isinstance(v, str) else v for k, v in params.items()}


def trees():
    iris, wine, digits = load_iris(return_X_y=True), load_wine(return_X_y=True), load_digits(return_X_y=True)
    data = {
        # With all four, petal length and width tie at the root.
        "iris, three features": (iris[0][:, :3], iris[1]),
        "wine": (wine[0], wine[1]),
        "digits": (digits[0][:180], digits[1][:180]),
        "penguins": penguins(),
        "two classes": generated(260, 6, 2),
        "four classes": generated(260, 6, 4),
        "two classes, missing values": generated(260, 5, 2, 0.15),
        "numbers": generated(260, 6, 0),
        "numbers, missing values": generated(220, 5, 0, 0.15),
    }
    shapes = [
        {}, {"max_depth": 2}, {"max_depth": 3}, {"max_depth": 5}, {"min_samples_leaf": 5}, {"min_samples_leaf": 12},
        {"min_samples_leaf": 0.05}, {"min_samples_split": 0.2}, {"max_leaf_nodes": 4}, {"max_leaf_nodes": 9},
        {"min_impurity_decrease": 0.02}, {"min_weight_fraction_leaf": 0.06}, {"min_samples_leaf": 5, "ccp_alpha": 0.01},
        {"class_weight": "balanced", "min_samples_leaf": 8},
    ]
    cases, tied = [], 0
    for name, (x, y) in data.items():
        numbers = name.startswith("numbers")
        kind = DecisionTreeRegressor if numbers else DecisionTreeClassifier
        weights = np.round(rng.random(len(y)) + 0.2, 3)
        for criterion in ["squared_error", "absolute_error", "poisson"] if numbers else ["gini", "entropy"]:
            if criterion == "absolute_error" and np.isnan(x).any():
                continue
            target = np.round(np.abs(y), 3) if criterion == "poisson" else y
            for shape in shapes:
                for weighted in (False, True):
                    params = {"criterion": criterion, **shape}
                    # A tree of scikit-learn balances rows, not weights; a forest and we balance weights.
                    if "class_weight" in params and (numbers or weighted):
                        continue
                    # Fully grown on weights, scikit-learn divides pure nodes by rounding errors.
                    if weighted and not any(k in shape for k in ("max_depth", "min_samples_leaf", "max_leaf_nodes")):
                        continue
                    model, found = grown(kind, params, x, target, weights if weighted else None)
                    if model is None or len(found) > 60:
                        tied += model is None
                        continue
                    cases.append({
                        "data": name, "params": params_of(params), "weighted": weighted, "nodes": found,
                        "importances": plain(model.feature_importances_, 8),
                    })
        data[name] = {**table(x, y), "weights": plain(weights), "numbers": numbers}
    print(f"{len(cases)} trees, {tied} left out since ties decide")
    write("trees", {"data": data, "cases": cases})


def monotone():
    x, y = generated(300, 4, 0)
    x2, y2 = generated(300, 4, 2)
    cases = []
    for numbers, a, b in ((True, x, y), (False, x2, y2)):
        for shape in ({"max_leaf_nodes": 8}, {"min_samples_leaf": 20}):
            params = {**shape, "monotonic_cst": [1, -1, 0, -1]}
            kind = DecisionTreeRegressor if numbers else DecisionTreeClassifier
            model, found = grown(kind, params, a, b, None)
            if model is not None:
                cases.append({"numbers": numbers, **table(a, b), "params": params_of(params), "nodes": found})
    return cases


def texts():
    iris = load_iris()
    x, y = generated(120, 4, 0)
    cases = []
    kept, names = iris.data[:, 1:3], list(iris.feature_names)[1:3]
    for params, kwargs in [
        ({"max_depth": 3}, {"feature_names": names}),
        ({"max_depth": 3}, {"show_weights": True, "decimals": 3}),
        ({"max_depth": 4}, {"max_depth": 1, "spacing": 2}),
    ]:
        params["min_samples_leaf"] = 5
        model, found = grown(DecisionTreeClassifier, params, kept, iris.target, None)
        cases.append({
            "numbers": False, **table(kept, iris.target), "options": {camel(k): v for k, v in kwargs.items()},
            "params": params_of(params), "text": export_text(model, **kwargs), "nodes": found,
        })
    model = DecisionTreeRegressor(max_depth=3, min_samples_leaf=10, random_state=0).fit(x, y)
    cases.append({
        "numbers": True, **table(x, y), "options": {"decimals": 1}, "params": {"maxDepth": 3, "minSamplesLeaf": 10},
        "text": export_text(model, decimals=1), "nodes": nodes(model),
    })
    return cases


def pruning():
    cases = []
    for numbers in (False, True):
        kind = DecisionTreeRegressor if numbers else DecisionTreeClassifier
        params = {"min_samples_leaf": 8}
        model = None
        while model is None:
            x, y = generated(200, 4, 0 if numbers else 2)
            model, _ = grown(kind, params, x, y, None)
        path = model.cost_complexity_pruning_path(x, y)
        middle = float(np.round((path.ccp_alphas[-4] + path.ccp_alphas[-3]) / 2, 8))
        pruned = kind(random_state=0, ccp_alpha=middle, **params).fit(x, y)
        cases.append({
            "numbers": numbers, **table(x, y), "params": params_of(params), "alphas": plain(path.ccp_alphas, 9),
            "impurities": plain(path.impurities, 9), "alpha": middle, "nodes": nodes(pruned),
        })
    return cases


def forests():
    """Means over seeds of what forests reach on held-out and out-of-bag rows."""
    cases = []
    for kind, numbers, params in [
        (RandomForestClassifier, False, {"bootstrap": True}),
        (RandomForestClassifier, False, {"bootstrap": True, "max_samples": 0.4, "criterion": "entropy"}),
        (RandomForestRegressor, True, {"bootstrap": True, "max_features": 0.5}),
        (ExtraTreesClassifier, False, {}),
        (ExtraTreesRegressor, True, {}),
    ]:
        x, y = generated(500, 6, 0 if numbers else 3)
        # scikit-learn draws the order of classes' thresholds from all rows; half of them train.
        half = len(x) // 2
        oob, score, importances = [], [], []
        for seed in range(12):
            model = kind(n_estimators=60, random_state=seed, oob_score=params.get("bootstrap", False), **params)
            model.fit(x[:half], y[:half])
            score.append(model.score(x[half:], y[half:]))
            importances.append(model.feature_importances_)
            oob.append(model.oob_score_ if model.oob_score else 0)
        cases.append({
            "estimator": kind.__name__, "numbers": numbers, "params": params_of(params), **table(x, y), "train": half,
            "score": round(float(np.mean(score)), 5), "spread": round(float(np.std(score)), 5),
            "oob": round(float(np.mean(oob)), 5), "importances": plain(np.mean(importances, axis=0), 5),
        })
    return cases


def isolation():
    x = np.round(np.vstack([rng.normal(size=(180, 3)), rng.normal(size=(20, 3)) * 4 + 3]), 3)
    scores = np.mean([IsolationForest(n_estimators=300, random_state=s).fit(x).score_samples(x) for s in range(6)], axis=0)
    few = IsolationForest(n_estimators=300, random_state=0, contamination=0.08).fit(x)
    return [{**table(x, np.zeros(len(x))), "scores": plain(scores, 5), "contamination": 0.08, "outliers": int((few.predict(x) < 0).sum())}]


def write(name, content):
    OUT.mkdir(parents=True, exist_ok=True)
    head = {"generator": "scripts/oracles/trees.py", "sklearn": sklearn.__version__}
    text = json.dumps({**head, **content}, separators=(",", ":"), allow_nan=False)
    (OUT / f"{name}.json").write_text(text.replace("},{", "},\n{") + "\n")
    print(name, f"{len(text) / 1024:.0f} kB")


trees()
write("tree-forms", {"monotone": monotone(), "texts": texts(), "pruning": pruning()})
write("forests", {"forests": forests(), "isolation": isolation()})
