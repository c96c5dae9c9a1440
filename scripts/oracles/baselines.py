"""Oracle values of the linear baselines and dummies from scikit-learn: writes
src/classic/{linear,dummy}/fixtures/*.json.

Run: python scripts/oracles/baselines.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/classic/{linear,dummy}/fixtures"
rng = np.random.default_rng(11)


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(
        json.dumps({"sklearn": sklearn.__version__, "cases": cases}, indent=1) + "\n"
    )


def rounded(a, digits=6):
    return np.round(a, digits)


def features(n, p, kind):
    x = rng.normal(size=(n, p)) * np.linspace(0.5, 2, p)
    if kind == "one-hot":
        x = np.eye(p)[rng.integers(0, p, n)] * (rng.random((n, p)) < 0.9)
    if kind == "offset":
        x = x + 1000
    if kind == "dependent":
        x[:, -1] = x[:, 0] + x[:, 1]
    return rounded(x)


def logistic():
    cases = []
    for name, kind, n, p, k, params, weighted in [
        ("two classes", "normal", 60, 4, 2, {}, False),
        ("two classes, weighted", "normal", 60, 4, 2, {"C": 0.1}, True),
        ("two classes, no intercept", "normal", 60, 4, 2, {"fit_intercept": False}, False),
        ("two classes, hardly any penalty", "normal", 60, 3, 2, {"C": 100}, False),
        ("four classes", "normal", 80, 5, 4, {}, False),
        ("four classes, weighted", "normal", 80, 5, 4, {"C": 5}, True),
        ("one-hot", "one-hot", 90, 12, 3, {}, False),
        ("dependent features", "dependent", 60, 5, 3, {}, False),
    ]:
        x = features(n, p, kind)
        w = rng.normal(size=(p, k))
        y = (x @ w + rng.gumbel(size=(n, k)) * 1.5).argmax(axis=1)
        sw = rounded(rng.random(n) * 2) if weighted else None
        m = LogisticRegression(tol=1e-12, max_iter=100000, solver="newton-cg" if kind != "dependent" else "lbfgs", **params)
        m.fit(x, y, sample_weight=sw)
        cases.append({
            "name": name, "x": x.tolist(), "y": y.tolist(),
            "sampleWeight": None if sw is None else sw.tolist(),
            "params": {"C": params.get("C", 1), "fitIntercept": params.get("fit_intercept", True)},
            "coefficients": m.coef_.ravel().tolist(), "intercepts": m.intercept_.ravel().tolist(),
            "probabilities": m.predict_proba(x[:10]).ravel().tolist(), "score": m.score(x, y),
        })
    write("logistic-regression", cases)


def ridge():
    cases = []
    for name, kind, n, p, params, weighted in [
        ("plain", "normal", 40, 5, {}, False),
        ("weighted", "normal", 40, 5, {"alpha": 3.5}, True),
        ("no intercept", "normal", 40, 5, {"fit_intercept": False}, False),
        ("offset features", "offset", 40, 5, {}, False),
        ("one-hot", "one-hot", 60, 12, {"alpha": 0.5}, True),
        ("dependent features", "dependent", 40, 5, {"alpha": 0.01}, False),
        ("more features than rows", "normal", 6, 10, {}, False),
    ]:
        x = features(n, p, kind)
        y = rounded(x @ rng.normal(size=p) + rng.normal(size=n) + 7)
        sw = rounded(rng.random(n) * 2) if weighted else None
        m = Ridge(**params).fit(x, y, sample_weight=sw)
        cases.append({
            "name": name, "x": x.tolist(), "y": y.tolist(),
            "sampleWeight": None if sw is None else sw.tolist(),
            "params": {"alpha": params.get("alpha", 1), "fitIntercept": params.get("fit_intercept", True)},
            "coefficients": m.coef_.tolist(), "intercept": float(m.intercept_),
            "predictions": m.predict(x[:10]).tolist(), "score": m.score(x, y),
        })
    write("ridge", cases)


def dummy():
    y = rng.integers(0, 3, 20)
    t = rounded(rng.normal(size=21))
    w = rounded(rng.random(20))
    x = np.zeros((20, 1))
    classifier = []
    for mine, theirs in [("prior", "prior"), ("mostFrequent", "most_frequent")]:
        for sw in (None, w):
            m = DummyClassifier(strategy=theirs).fit(x, y, sample_weight=sw)
            classifier.append({
                "strategy": mine, "y": y.tolist(), "sampleWeight": None if sw is None else sw.tolist(),
                "prediction": int(m.predict(x[:1])[0]), "probabilities": m.predict_proba(x[:1])[0].tolist(),
            })
    regressor = []
    for strategy in ("mean", "median"):
        for values in (t, t[:20]):
            m = DummyRegressor(strategy=strategy).fit(np.zeros((len(values), 1)), values)
            regressor.append({"strategy": strategy, "y": values.tolist(), "prediction": float(m.predict([[0]])[0])})
    write("dummy", [{"classifier": classifier, "regressor": regressor}])


logistic()
ridge()
dummy()
