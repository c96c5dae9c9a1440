"""Oracle values of the splitters from scikit-learn: writes src/estimator/splitters/fixtures/splitters.json.

Run: python scripts/oracles/splitters.py   (scikit-learn 1.6 or newer; same bytes at every run)
Only folds without shuffling have to be the same; of random ones there are the sizes.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import model_selection as s

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/estimator/splitters/fixtures/splitters.json"
rng = np.random.default_rng(21)


def data(rows, classes, groups, sort=False):
    y = np.minimum(rng.geometric(0.5, rows) - 1, classes - 1)
    g = rng.integers(0, groups, rows) * 3 - 4
    if sort:
        y, g = np.sort(y), np.sort(g)
    return {"rows": rows, "y": y.tolist(), "groups": g.tolist()}


DATA = {
    "30 rows": data(30, 3, 9),
    "31 rows, sorted": data(31, 3, 8, sort=True),
    "97 rows, many groups": data(97, 4, 40),
    "64 rows, ten classes": data(64, 10, 23),
    "a rare class": {**data(25, 2, 7), "y": [0] * 12 + [1] * 10 + [2] * 3},
    "classes in reverse": {**data(40, 3, 10), "y": ([2] * 20 + [1] * 12 + [0] * 8)},
}

SPLITTERS = [
    ("KFold", {}),
    ("KFold", {"n_splits": 7}),
    ("StratifiedKFold", {}),
    ("StratifiedKFold", {"n_splits": 3}),
    ("GroupKFold", {}),
    ("GroupKFold", {"n_splits": 3}),
    ("StratifiedGroupKFold", {}),
    ("StratifiedGroupKFold", {"n_splits": 3}),
    ("TimeSeriesSplit", {}),
    ("TimeSeriesSplit", {"n_splits": 3, "max_train_size": 6}),
    ("TimeSeriesSplit", {"n_splits": 4, "test_size": 2, "gap": 1}),
    ("LeaveOneOut", {}),
    ("LeaveOneGroupOut", {}),
]


def camel(params):
    def name(text):
        head, *rest = text.split("_")
        return head + "".join(word.title() for word in rest)

    return {name(key): value for key, value in params.items()}


def folds(splitter, d):
    out = []
    for train, test in splitter.split(np.zeros((d["rows"], 1)), d["y"], d["groups"]):
        assert sorted([*train, *test]) == list(range(d["rows"])) or isinstance(splitter, s.TimeSeriesSplit)
        fold = {"test": np.asarray(test).tolist()}
        if isinstance(splitter, s.TimeSeriesSplit):
            fold["train"] = np.asarray(train).tolist()
        out.append(fold)
    return out


cases = []
for kind, params in SPLITTERS:
    for name, d in DATA.items():
        if kind == "LeaveOneOut" and d["rows"] > 30:
            continue
        splitter = getattr(s, kind)(**params)
        cases.append({"splitter": kind, "params": camel(params), "data": name, "folds": folds(splitter, d)})
small = {"rows": 7, "y": [0, 1, 0, 1, 0, 1, 0], "groups": [5, 1, 5, 2, 9, 2, 1]}
DATA["7 rows"] = small
for kind, params in [("LeavePOut", {"p": 2}), ("LeavePGroupsOut", {"n_groups": 2})]:
    splitter = getattr(s, kind)(**params)
    cases.append({"splitter": kind, "params": camel(params), "data": "7 rows", "folds": folds(splitter, small)})
given = [0, -1, 2, 2, 0, -1, 7]
splitter = s.PredefinedSplit(given)
cases.append({
    "splitter": "PredefinedSplit", "params": {"testFold": given}, "data": "7 rows",
    "folds": folds(splitter, small),
})

sizes = []
for rows in (10, 33, 150):
    y = np.repeat([0, 1, 2], [rows // 2, rows // 3, rows - rows // 2 - rows // 3])
    for test_size, train_size in [
        (None, None), (0.1, None), (0.33, None), (4, None), (None, 0.6), (None, 5), (0.3, 0.3), (4, 5), (0.25, 6)
    ]:
        def part(stratify):
            try:
                train, test = s.train_test_split(
                    np.arange(rows), test_size=test_size, train_size=train_size, random_state=0, stratify=stratify
                )
                return {"train": len(train), "test": len(test), **(
                    {} if stratify is None else {
                        "trainClasses": np.bincount(y[train], minlength=3).tolist(),
                        "testClasses": np.bincount(y[test], minlength=3).tolist(),
                    }
                )}
            except ValueError:
                return None

        sizes.append({
            "rows": rows, "y": y.tolist(), "testSize": test_size, "trainSize": train_size,
            "plain": part(None), "stratified": part(y),
        })

OUT.parent.mkdir(parents=True, exist_ok=True)
head = {"sklearn": sklearn.__version__, "data": DATA}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
more = ",\n".join(json.dumps(case, separators=(",", ":")) for case in sizes)
OUT.write_text(json.dumps(head)[:-1] + f', "cases": [\n{lines}\n], "sizes": [\n{more}\n]}}\n')
