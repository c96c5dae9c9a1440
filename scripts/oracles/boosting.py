"""Oracle values of histogram gradient boosting from scikit-learn: writes
src/classic/boosting/fixtures/boosting.json (predictions of each variant) and digits.json (scores on real data).

Run: python scripts/oracles/boosting.py   (same bytes at every run)
"""
import warnings

import numpy as np
import sklearn
from common import flat, write
from sklearn.datasets import load_digits, load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss

warnings.filterwarnings("ignore")
OUT = "src/classic/boosting/fixtures"
VERSIONS = {"sklearn": sklearn.__version__, "numpy": np.__version__}
rng = np.random.default_rng(7)

rows, held = 300, 40
n = rows + held
categories = np.array([3, 7, 10, 20, 21, 40])
x = np.stack(
    [
        np.round(rng.normal(size=n), 3),
        rng.integers(0, 9, n),
        np.round(rng.normal(size=n), 2),
        categories[rng.integers(0, 6, n)],
        np.round(rng.random(n), 3),
    ],
    axis=1,
).astype(float)
x[rng.random(n) < 0.15, 2] = np.nan
shift = {3: 1.0, 7: -1.5, 10: 0.3, 20: -0.4, 21: 2.0, 40: -1.0}
signal = (
    1.5 * x[:, 0]
    + np.where(np.isnan(x[:, 2]), 1.2, np.sin(2 * np.nan_to_num(x[:, 2])))
    + np.array([shift[int(c)] for c in x[:, 3]])
    + 0.2 * (x[:, 1] - 4) * (x[:, 4] > 0.5)
)
y = np.round(signal + 0.5 * rng.normal(size=n), 3)
counts = rng.poisson(np.exp(0.4 * signal)).astype(float)
positive = np.round(np.exp(0.3 * signal) * rng.gamma(3, 1 / 3, n) + 0.01, 3)
two = (signal + rng.logistic(size=n) > 0.3).astype(int)
three = np.digitize(signal + 0.5 * rng.normal(size=n), [-0.7, 1.0])
weights = np.round(rng.random(n) * 2 + 0.05, 2)
weights[:5] = 0
# What training never saw: a new category, missing cells in a column that had none.
x[rows, 3] = 15
x[rows + 1, 0] = np.nan
x[rows + 2, 3] = np.nan

targets = {"y": y, "counts": counts, "positive": positive, "two": two, "three": three}
tables = {"all": [0, 1, 2, 3, 4], "numbers": [0, 1, 4]}
base = dict(max_iter=12, min_samples_leaf=5, early_stopping=False)
SNAKE = {
    "maxIter": "max_iter", "minSamplesLeaf": "min_samples_leaf", "earlyStopping": "early_stopping",
    "l2Regularization": "l2_regularization", "maxBins": "max_bins", "maxLeafNodes": "max_leaf_nodes",
    "maxDepth": "max_depth", "learningRate": "learning_rate", "monotonicCst": "monotonic_cst",
    "interactionCst": "interaction_cst", "categoricalFeatures": "categorical_features",
    "classWeight": "class_weight", "validationFraction": "validation_fraction", "nIterNoChange": "n_iter_no_change",
    "loss": "loss", "quantile": "quantile", "tol": "tol",
}
WORDS = {"squaredError": "squared_error", "absoluteError": "absolute_error", "noInteractions": "no_interactions"}

# Variants whose best splits have no equals: of equal ones rounding decides.
variants = [
    ("y", "all", {}),
    ("y", "numbers", {}),
    ("y", "all", {"categoricalFeatures": [3]}),
    ("y", "all", {"categoricalFeatures": [1, 3], "weighted": True}),
    ("y", "all", {"weighted": True, "l2Regularization": 2.5}),
    ("y", "all", {"maxBins": 16}),
    ("y", "all", {"maxBins": 16, "weighted": True}),
    ("y", "all", {"maxLeafNodes": None, "maxDepth": 3, "learningRate": 0.3}),
    ("y", "all", {"maxLeafNodes": 4, "minSamplesLeaf": 20}),
    ("y", "numbers", {"monotonicCst": [1, -1, 0]}),
    ("two", "numbers", {"monotonicCst": [-1, 1, 1]}),
    ("y", "all", {"interactionCst": [[0, 1], [1, 2, 3]]}),
    ("y", "all", {"interactionCst": "pairwise"}),
    ("y", "all", {"interactionCst": "noInteractions"}),
    ("y", "all", {"loss": "absoluteError", "maxLeafNodes": 3, "minSamplesLeaf": 20}),
    ("y", "all", {"loss": "absoluteError", "weighted": True}),
    ("y", "all", {"loss": "quantile", "quantile": 0.8, "maxLeafNodes": 3, "minSamplesLeaf": 20}),
    ("y", "all", {"loss": "quantile", "quantile": 0.3, "weighted": True}),
    ("counts", "all", {"loss": "poisson"}),
    ("counts", "all", {"loss": "poisson", "weighted": True}),
    ("positive", "all", {"loss": "gamma"}),
    ("two", "all", {"minSamplesLeaf": 9}),
    ("two", "all", {"categoricalFeatures": [3], "weighted": True}),
    ("three", "all", {}),
    ("three", "all", {"categoricalFeatures": [3], "classWeight": "balanced"}),
    ("two", "numbers", {"earlyStopping": True, "validationFraction": None, "maxIter": 60, "nIterNoChange": 3, "tol": 0.02}),
]
cases = []
for target, table, given in variants:
    params = {**{k: v for k, v in zip(["maxIter", "minSamplesLeaf", "earlyStopping"], base.values())}, **given}
    weighted = params.pop("weighted", False)
    snake = {SNAKE[k]: WORDS.get(v, v) if isinstance(v, str) else v for k, v in params.items()}
    snake.setdefault("categorical_features", None)
    classifier = target in ("two", "three")
    columns = tables[table]
    X = x[:, columns]
    model = (HistGradientBoostingClassifier if classifier else HistGradientBoostingRegressor)(**snake)
    model.fit(X[:rows], targets[target][:rows], sample_weight=weights[:rows] if weighted else None)
    answers = model.predict_proba(X) if classifier else model.predict(X)
    cases.append(
        {
            "target": target, "columns": columns, "params": params, "weighted": weighted,
            "nIter": model.n_iter_, "trainScore": flat(model.train_score_),
            "answers": flat(np.round(answers[rows - 40 :], 12)),
        }
    )
write(
    f"{OUT}/boosting.json", "boosting.py", VERSIONS, cases,
    rows=rows, width=x.shape[1], x=flat(x), weights=flat(weights), **{k: flat(v) for k, v in targets.items()},
)

# Scores on real data: the same rows to learn from and to judge by.
cases = []
for name, data in [("iris", load_iris()), ("digits", load_digits())]:
    order = np.random.default_rng(1).permutation(len(data.target))
    X, t = data.data[order], data.target[order]
    half = len(t) // 2
    model = HistGradientBoostingClassifier(early_stopping=False, max_iter=40).fit(X[:half], t[:half])
    proba = model.predict_proba(X[half:])
    # A letter a number: whole ones, and tenths of the iris.
    scale = 10 if name == "iris" else 1
    text = "".join(chr(35 + int(round(v * scale))) for v in X.reshape(-1))
    cases.append(
        {
            "name": name, "width": X.shape[1], "scale": scale, "x": text, "y": "".join(map(str, t)), "train": half,
            "accuracy": float((proba.argmax(1) == t[half:]).mean()), "logLoss": log_loss(t[half:], proba),
        }
    )
write(f"{OUT}/digits.json", "boosting.py", VERSIONS, cases)
