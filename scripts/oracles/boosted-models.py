"""Small models that XGBoost and LightGBM saved, and their predictions: writes
src/classic/trees/fixtures/xgboost.json and lightgbm.json.

Run: python scripts/oracles/boosted-models.py   (same bytes at every run)
"""
import json

import lightgbm as lgb
import numpy as np
import xgboost as xgb
from common import flat, write

OUT = "src/classic/trees/fixtures"
rng = np.random.default_rng(3)
n, held = 400, 30
x = np.round(rng.normal(size=(n + held, 5)), 2)
x[:, 3] = rng.integers(0, 7, n + held)
x[:, 4] = np.where(rng.random(n + held) < 0.6, 0, x[:, 4])
x[rng.random(n + held) < 0.1, 1] = np.nan
effect = np.array([1.0, -1.0, 0.2, 2.0, -0.4, 0.0, 0.8])
signal = x[:, 0] + np.nan_to_num(x[:, 1], nan=1.5) * 0.7 + effect[x[:, 3].astype(int)] + (x[:, 4] > 0)
noise = rng.normal(size=n + held) * 0.3
targets = {
    "y": signal + noise,
    "two": (signal + noise > 0.8).astype(int),
    "three": np.digitize(signal + noise, [0, 1.5]),
    "share": 1 / (1 + np.exp(-signal - noise)),
    "counts": rng.poisson(np.exp(0.4 * signal)),
    "positive": np.exp(0.4 * signal + noise),
}
# Held out: what training never saw.
x[n, 3] = 9
x[n + 1, 3] = np.nan
x[n + 2, :3] = np.nan
x[n + 3, 4] = np.nan
x[n + 4, 3] = 40
train, test = x[:n], x[n:]


def xgboost_case(name, target, params, rounds=4, categories=True):
    kinds = ["q", "q", "q", "c" if categories else "q", "q"]
    # XGBoost refuses to learn from a category it can't see; it predicts any.
    d = xgb.DMatrix(train, targets[target][:n], feature_types=kinds, enable_categorical=True)
    common = {"max_depth": 3, "eta": 0.4, "nthread": 1, "seed": 1}
    model = xgb.train({**common, **params}, d, rounds)
    t = xgb.DMatrix(test, feature_types=kinds, enable_categorical=True)
    saved = json.loads(model.save_raw("json").decode())
    return {"name": name, "model": saved, "answers": flat(model.predict(t)), "raw": flat(model.predict(t, output_margin=True))}


cases = [
    xgboost_case("binary", "two", {"objective": "binary:logistic"}),
    xgboost_case("binary, numbers only", "two", {"objective": "binary:logistic"}, categories=False),
    xgboost_case("categories one by one", "y", {"objective": "reg:squarederror", "max_cat_to_onehot": 20}),
    xgboost_case("multiclass", "three", {"objective": "multi:softprob", "num_class": 3}, rounds=3),
    xgboost_case("softmax of two", "two", {"objective": "multi:softprob", "num_class": 2}, rounds=2),
    xgboost_case("squared error", "y", {"objective": "reg:squarederror", "base_score": 0.3}),
    xgboost_case("absolute error", "y", {"objective": "reg:absoluteerror"}),
    xgboost_case("quantile", "y", {"objective": "reg:quantileerror", "quantile_alpha": 0.8}),
    xgboost_case("logistic regression", "share", {"objective": "reg:logistic"}),
    xgboost_case("poisson", "counts", {"objective": "count:poisson"}),
    xgboost_case("gamma", "positive", {"objective": "reg:gamma"}),
    xgboost_case("tweedie", "positive", {"objective": "reg:tweedie"}),
    xgboost_case("leaf by leaf", "y", {"tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 6, "max_depth": 0}),
    xgboost_case("dart", "y", {"booster": "dart", "rate_drop": 0.5}, rounds=6),
    xgboost_case(
        "forest", "two",
        {"objective": "binary:logistic", "num_parallel_tree": 3, "subsample": 0.7, "colsample_bynode": 0.7, "eta": 1},
        rounds=1,
    ),
]
write(f"{OUT}/xgboost.json", "boosted-models.py", {"xgboost": xgb.__version__}, cases, width=5, x=flat(test))


def lightgbm_case(name, target, params, rounds=4, categories=True):
    d = lgb.Dataset(train, targets[target][:n], categorical_feature=[3] if categories else [], params={"verbose": -1})
    common = {
        "num_leaves": 6, "learning_rate": 0.3, "num_threads": 1, "verbose": -1, "deterministic": True, "seed": 1,
        "min_data_per_group": 5, "cat_smooth": 1,
    }
    model = lgb.train({**common, **params}, d, rounds)
    # Parameters that are only noted down are left out of the fixture.
    text = model.model_to_string().split("\nparameters:")[0] + "\n"
    case = {"name": name, "model": text, "answers": flat(model.predict(test))}
    # Its raw scores leave a sigmoid's steepness out, and of forests are sums.
    if "sigmoid" not in params and "boosting" not in params:
        case["raw"] = flat(model.predict(test, raw_score=True))
    return case


forest = {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1}
cases = [
    lightgbm_case("binary", "two", {"objective": "binary"}),
    lightgbm_case("binary, steep", "two", {"objective": "binary", "sigmoid": 2.0}),
    lightgbm_case("numbers only", "two", {"objective": "binary"}, categories=False),
    lightgbm_case("multiclass", "three", {"objective": "multiclass", "num_class": 3}, rounds=3),
    lightgbm_case("one against all", "three", {"objective": "multiclassova", "num_class": 3}, rounds=3),
    lightgbm_case("softmax of two", "two", {"objective": "multiclass", "num_class": 2}, rounds=2),
    lightgbm_case("regression", "y", {"objective": "regression"}),
    lightgbm_case("absolute error", "y", {"objective": "regression_l1"}),
    lightgbm_case("quantile", "y", {"objective": "quantile", "alpha": 0.8}),
    lightgbm_case("huber", "y", {"objective": "huber"}),
    lightgbm_case("poisson", "counts", {"objective": "poisson"}),
    lightgbm_case("gamma", "positive", {"objective": "gamma"}),
    lightgbm_case("tweedie", "positive", {"objective": "tweedie"}),
    lightgbm_case("cross entropy", "share", {"objective": "cross_entropy"}),
    lightgbm_case("zeros are missing", "y", {"objective": "regression", "zero_as_missing": True}),
    lightgbm_case("nothing is missing", "y", {"objective": "regression", "use_missing": False}),
    lightgbm_case("forest", "y", {"objective": "regression", **forest}),
    lightgbm_case("forest of classes", "two", {"objective": "binary", **forest}),
    lightgbm_case("dart", "y", {"objective": "regression", "boosting": "dart", "drop_rate": 0.5}, rounds=6),
    lightgbm_case("no division", "y", {"objective": "regression", "min_data_in_leaf": 300}, rounds=2),
]
write(f"{OUT}/lightgbm.json", "boosted-models.py", {"lightgbm": lgb.__version__}, cases, width=5, x=flat(test))
