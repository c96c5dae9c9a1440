"""Oracle values of the dummies from scikit-learn: writes src/classic/dummy/fixtures/*.json.

Run: python scripts/oracles/dummies.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.dummy import DummyClassifier, DummyRegressor

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/classic/dummy/fixtures"
rng = np.random.default_rng(11)


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(
        json.dumps({"sklearn": sklearn.__version__, "cases": cases}, indent=1) + "\n"
    )


def rounded(a, digits=6):
    return np.round(a, digits)


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


dummy()
