"""Voting, stacking and bagging of scikit-learn: writes src/classic/ensemble/fixtures/ensembles.json.

Run: python scripts/oracles/ensembles.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.ensemble import (
    BaggingClassifier, BaggingRegressor, StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/classic/ensemble/fixtures"
rng = np.random.default_rng(5)
TRAIN, ROWS = 150, 240


def plain(a, digits=6):
    return [int(v) if v == int(v) else float(v) for v in np.round(np.asarray(a, dtype=float), digits).ravel()]


def generated(classes):
    x = np.round(rng.normal(size=(ROWS, 4)), 3)
    z = x[:, 0] + 0.8 * np.abs(x[:, 1]) - 0.5 * x[:, 2] * x[:, 3] + rng.normal(size=ROWS) * 0.4
    if not classes:
        return x, np.round(2 * z, 3)
    return x, np.searchsorted(np.quantile(z, np.linspace(0, 1, classes + 1)[1:-1]), z)


def tree(numbers):
    kind = DecisionTreeRegressor if numbers else DecisionTreeClassifier
    return kind(max_depth=3, min_samples_leaf=10, random_state=0)


def linear(numbers):
    return Ridge(alpha=2.0) if numbers else LogisticRegression(C=0.5, tol=1e-10, max_iter=10000)


def untied(numbers, x, y, folds):
    """Whether the tree is the same with any seed, on all rows and in each fold."""
    for rows in folds:
        found = {tree(numbers).set_params(random_state=s).fit(x[rows], y[rows]).tree_.threshold.tobytes() for s in range(8)}
        if len(found) > 1:
            return False
    return True


def cases():
    out = []
    for classes in (2, 3, 0):
        numbers = classes == 0
        final = Ridge(alpha=0.5) if numbers else LogisticRegression(C=2.0, tol=1e-10, max_iter=10000)
        stack_kind = StackingRegressor if numbers else StackingClassifier
        splitter = sklearn.model_selection.KFold(5) if numbers else sklearn.model_selection.StratifiedKFold(5)
        while True:
            x, y = generated(classes)
            a, b, held = x[:TRAIN], y[:TRAIN], x[TRAIN:]
            if untied(numbers, a, b, [np.arange(TRAIN), *(train for train, _ in splitter.split(a, b))]):
                break
        weights = np.round(rng.random(TRAIN) + 0.5, 3)
        members = lambda: [("tree", tree(numbers)), ("linear", linear(numbers))]
        case = {"classes": classes, "train": TRAIN, "rows": ROWS, "width": 4, "x": plain(x), "y": plain(y), "weights": plain(weights)}
        if numbers:
            case["voting"] = plain(VotingRegressor(members(), weights=[1, 3]).fit(a, b).predict(held))
            case["weighted"] = plain(VotingRegressor(members()).fit(a, b, sample_weight=weights).predict(held))
        else:
            case["soft"] = plain(VotingClassifier(members(), voting="soft", weights=[1, 3]).fit(a, b).predict_proba(held))
            case["hard"] = plain(VotingClassifier(members() + [("other", tree(False).set_params(max_depth=1))], voting="hard").fit(a, b).predict(held))
        for name, through in (("stacked", False), ("passed", True)):
            stack = stack_kind(members(), final_estimator=final, cv=5, passthrough=through).fit(a, b)
            case[name] = plain(stack.predict(held) if numbers else stack.predict_proba(held))
            case[name + "Features"] = plain(stack.transform(held[:5]))
        kind = BaggingRegressor if numbers else BaggingClassifier
        kind_tree = DecisionTreeRegressor if numbers else DecisionTreeClassifier
        bags = [kind(kind_tree(), n_estimators=40, max_features=3, oob_score=True, random_state=s).fit(a, b) for s in range(12)]
        scores = [bag.score(held, y[TRAIN:]) for bag in bags]
        case["bagging"] = {
            "score": round(float(np.mean(scores)), 5), "spread": round(float(np.std(scores)), 5),
            "oob": round(float(np.mean([bag.oob_score_ for bag in bags])), 5),
        }
        out.append(case)
    return out


OUT.mkdir(parents=True, exist_ok=True)
head = {"generator": "scripts/oracles/ensembles.py", "sklearn": sklearn.__version__, "cases": cases()}
text = json.dumps(head, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{") + "\n"
(OUT / "ensembles.json").write_text(text)
print(f"ensembles {len(text) / 1024:.0f} kB")
