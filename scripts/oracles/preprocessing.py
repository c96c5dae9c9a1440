"""Oracle values of preprocessing and imputing from scikit-learn: writes
src/classic/{preprocessing,impute,compose}/fixtures/*.json.

Run: python scripts/oracles/preprocessing.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import scipy.sparse as sp
import sklearn
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    Binarizer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
    PolynomialFeatures, PowerTransformer, QuantileTransformer, RobustScaler, StandardScaler, TargetEncoder,
)

from preprocessing_common import camel, plain

warnings.filterwarnings("ignore")
SRC = pathlib.Path(__file__).parents[2] / "src/classic"


def write(folder, name, cases):
    out = SRC / folder / "fixtures"
    out.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases)
    text = f'{{"sklearn":"{sklearn.__version__}","cases":[\n{lines}\n]}}\n'
    (out / f"{name}.json").write_text(text)
    print(f"{folder}/fixtures/{name}.json: {len(cases)} cases, {len(text) / 1024:.0f} kB")


WORDS = {
    "if_binary": "ifBinary", "infrequent_if_exist": "infrequentIfExist", "use_encoded_value": "useEncodedValue",
    "most_frequent": "mostFrequent", "missing-only": "missingOnly", "averaged_inverted_cdf": "averagedInvertedCdf", "inverted_cdf": "invertedCdf", "median_unbiased": "medianUnbiased"}


def params_of(params):
    return {camel(k): WORDS.get(v, v) if isinstance(v, str) else plain(v) for k, v in params.items()}


def numbers(rng, n=23, p=4, missing=True):
    x = np.round(rng.normal(size=(n, p)) * [1, 10, 0.1, 3] + [0, 100, 0, -2], 4)
    x[:, 3] = np.round(np.exp(x[:, 3] / 4), 4)
    x[n // 4, 0] = 40
    if missing:
        x[rng.random((n, p)) < 0.1] = np.nan
    return x


def case(kind, params, x, new, weights=None, attributes=(), inverse=True, sparse=False, note=None):
    model = kind(**params)
    fit_x = sp.csr_array(x) if sparse else x
    fit_params = {} if weights is None else {"sample_weight": weights}
    model.fit(fit_x, **fit_params)
    out = model.transform(sp.csr_array(new) if sparse else new)
    got = {
        "estimator": kind.__name__, "params": params_of(params), "x": plain(x), "new": plain(new),
        "out": plain(out), "attributes": {camel(a): plain(getattr(model, a)) for a in attributes},
        "names": [str(s) for s in model.get_feature_names_out()],
    }
    if weights is not None:
        got["weights"] = plain(weights)
    if sparse:
        got["sparse"] = True
    if inverse and hasattr(model, "inverse_transform"):
        got["inverse"] = plain(model.inverse_transform(out))
    if note:
        got["note"] = note
    return got


def scalers():
    rng = np.random.default_rng(3)
    x, new = numbers(rng), numbers(rng, 5)
    whole, whole_new = numbers(rng, missing=False), numbers(rng, 5, missing=False)
    w = np.round(rng.random(len(x)) * 3, 2)
    w[2] = 0
    constant = x.copy()
    constant[:, 1] = 7
    empty = x.copy()
    empty[:, 2] = np.nan
    thin = np.round(rng.normal(size=(20, 5)), 3) * (rng.random((20, 5)) < 0.4)
    thin_new = np.round(rng.normal(size=(4, 5)), 3) * (rng.random((4, 5)) < 0.4)
    moments = ("mean_", "var_", "scale_")
    cases = [
        case(StandardScaler, {}, x, new, attributes=moments),
        case(StandardScaler, {}, x, new, weights=w, attributes=moments),
        case(StandardScaler, {"with_mean": False}, x, new, attributes=moments),
        case(StandardScaler, {"with_std": False}, x, new, attributes=("mean_",)),
        case(StandardScaler, {}, constant, new, attributes=moments),
        case(StandardScaler, {}, empty, new, attributes=("mean_", "scale_")),
        case(StandardScaler, {"with_mean": False}, thin, thin_new, attributes=moments, sparse=True),
        case(StandardScaler, {"with_mean": False}, thin, thin_new, weights=w[:20], attributes=moments, sparse=True),
        case(MinMaxScaler, {}, x, new, attributes=("data_min_", "data_max_", "data_range_", "scale_", "min_")),
        case(MinMaxScaler, {"feature_range": (-1, 3), "clip": True}, x, new, attributes=("scale_", "min_"), inverse=False),
        case(MinMaxScaler, {"feature_range": (-1, 3)}, constant, new, attributes=("scale_", "min_")),
        case(MinMaxScaler, {}, empty, new),
        case(MaxAbsScaler, {}, x, new, attributes=("max_abs_", "scale_")),
        case(MaxAbsScaler, {"clip": True}, x, new * 2, inverse=False),
        case(MaxAbsScaler, {}, thin, thin_new, attributes=("max_abs_",), sparse=True),
        case(RobustScaler, {}, x, new, attributes=("center_", "scale_")),
        case(RobustScaler, {"quantile_range": (10, 90), "unit_variance": True}, x, new, attributes=("scale_",)),
        case(RobustScaler, {"with_centering": False}, x, new),
        case(RobustScaler, {"with_scaling": False}, constant, new),
        case(RobustScaler, {"with_centering": False, "quantile_range": (5, 95)}, thin, thin_new, attributes=("scale_",), sparse=True),
        *[case(Normalizer, {"norm": norm}, whole, whole_new) for norm in ("l1", "l2", "max")],
        *[case(Normalizer, {"norm": norm}, thin, thin_new, sparse=True) for norm in ("l1", "l2", "max")],
        case(Binarizer, {"threshold": 0.5}, whole, whole_new),
        case(Binarizer, {}, thin, thin_new, sparse=True),
        case(PowerTransformer, {}, x, new, attributes=("lambdas_",)),
        case(PowerTransformer, {"standardize": False}, constant, new, attributes=("lambdas_",)),
        case(PowerTransformer, {"method": "box-cox"}, np.abs(x) + 0.1, np.abs(new) + 0.1, attributes=("lambdas_",)),
        case(PowerTransformer, {"method": "box-cox", "standardize": False}, np.exp(whole / 30), np.exp(whole_new / 30), attributes=("lambdas_",)),
        case(QuantileTransformer, {"n_quantiles": 10}, x, new, attributes=("references_",)),
        case(QuantileTransformer, {"n_quantiles": 100, "output_distribution": "normal"}, x, new),
        case(QuantileTransformer, {"n_quantiles": 8}, np.round(whole), np.round(whole_new), note="ties"),
        case(QuantileTransformer, {"n_quantiles": 8}, np.abs(thin), np.abs(thin_new), sparse=True),
        case(QuantileTransformer, {"n_quantiles": 5, "ignore_implicit_zeros": True}, thin, thin_new, sparse=True),
    ]
    for strategy in ("uniform", "quantile", "kmeans"):
        cases.append(case(KBinsDiscretizer, {"n_bins": 4, "encode": "ordinal", "strategy": strategy}, whole, whole_new, attributes=("bin_edges_",)))
        cases.append(case(KBinsDiscretizer, {"n_bins": 3, "encode": "onehot-dense", "strategy": strategy}, whole, whole_new, weights=w, attributes=("bin_edges_",)))
    for method in ("linear", "inverted_cdf", "hazen", "weibull", "median_unbiased"):
        cases.append(case(KBinsDiscretizer, {"n_bins": 5, "encode": "ordinal", "quantile_method": method}, whole, whole_new, attributes=("bin_edges_",)))
    tied = np.round(whole / 3) * 3
    cases.append(case(KBinsDiscretizer, {"n_bins": [2, 6, 3, 4], "encode": "onehot"}, tied, whole_new, attributes=("bin_edges_",)))
    cases.append(case(KBinsDiscretizer, {"n_bins": 3, "encode": "onehot"}, np.where(np.isnan(constant), 0, constant), whole_new, attributes=("bin_edges_",)))
    for degree in (0, 1, 2, 3, (2, 3), (0, 2)):
        for only in (False, True):
            cases.append(case(PolynomialFeatures, {"degree": degree, "interaction_only": only}, whole[:4, :3], whole[4:7, :3], attributes=("powers_",)))
    cases.append(case(PolynomialFeatures, {"degree": 3, "include_bias": False}, whole[:4, :2], whole[4:7, :2]))
    for degree, only, bias in ((2, False, True), (3, False, True), (3, True, False), ((2, 3), False, True), (4, False, True)):
        cases.append(case(PolynomialFeatures, {"degree": degree, "interaction_only": only, "include_bias": bias}, thin, thin_new, sparse=True))
    write("preprocessing", "scalers", cases)


def frame(rows):
    data = pd.DataFrame(rows, dtype=object)
    data = data.where(data.notna(), np.nan)
    for column in data:
        known = data[column].dropna()
        if len(known) and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in known):
            data[column] = data[column].astype(float)
    return data


def named(text):
    return str(text).replace("_nan", "_missing").replace("infrequent_sklearn", "infrequent").replace("_True", "_true").replace("_False", "_false")


def encoded(kind, params, rows, new, y=None, attributes=(), inverse=True):
    model = kind(**params)
    x = frame(rows)
    x.columns = [f"x{i}" for i in range(x.shape[1])]
    z = frame(new)
    z.columns = x.columns
    for column in x:
        if x[column].dtype == float:
            z[column] = z[column].astype(float)
    model.fit(x, *([] if y is None else [np.array(y)]))
    got = {
        "estimator": kind.__name__, "params": params_of(params), "x": rows, "new": new,
        "out": plain(model.transform(z)),
        "attributes": {camel(a): plain(np.atleast_1d(v) if a == "target_mean_" else v) for a in attributes for v in [getattr(model, a)]},
        "names": [named(s) for s in model.get_feature_names_out()],
    }
    for key in ("unknownValue", "encodedMissingValue"):
        if key in got["params"] and got["params"][key] is None:
            del got["params"][key]
    if y is not None:
        got["y"] = y
    if inverse and hasattr(model, "inverse_transform"):
        back = plain(model.inverse_transform(model.transform(z)))
        got["inverse"] = [["infrequent" if v == "infrequent_sklearn" else v for v in row] for row in back]
    return got


def encoders():
    rng = np.random.default_rng(5)
    color = lambda: [None if v == "none" else v for v in rng.choice(["red", "blue", "green", "gold", "none"], 40, p=[.4, .3, .1, .1, .1]).tolist()]
    size = rng.choice([1, 2.5, 7, 11], 40, p=[.6, .2, .15, .05]).tolist()
    flag = rng.choice(["no", "yes"], 40).tolist()
    rows = [list(r) for r in zip(color(), size, flag)]
    new = [["red", 1, "yes"], [None, 2.5, "no"], ["gold", 11, "yes"]]
    unseen = new + [["pink", 4, "perhaps"], ["blue", None, "no"]]
    full = [["red" if a is None else a, b, c] for a, b, c in rows]
    lists = [["gold", "green", "blue", "red"], [1, 2.5, 7, 11], ["yes", "no"]]
    texts = [[a, c] for a, _, c in rows]
    text_new = [[a, c] for a, _, c in unseen]
    known = [[a, c] for a, _, c in new]
    one = ("categories_", "infrequent_categories_")
    cases = [
        encoded(OneHotEncoder, {}, rows, new, attributes=("categories_",)),
        encoded(OneHotEncoder, {"sparse_output": False, "drop": "first"}, rows, new),
        encoded(OneHotEncoder, {"drop": "if_binary"}, rows, new),
        encoded(OneHotEncoder, {"drop": ["blue", 7, "no"]}, full, [full[0], full[1]]),
        encoded(OneHotEncoder, {"handle_unknown": "ignore"}, rows, unseen),
        encoded(OneHotEncoder, {"handle_unknown": "ignore", "drop": "first"}, rows, unseen),
        encoded(OneHotEncoder, {"categories": lists, "handle_unknown": "ignore"}, full, unseen, attributes=("categories_",)),
        encoded(OneHotEncoder, {"min_frequency": 5}, texts, known, attributes=one),
        encoded(OneHotEncoder, {"min_frequency": 0.2, "handle_unknown": "infrequent_if_exist"}, texts, text_new, attributes=one),
        encoded(OneHotEncoder, {"max_categories": 3, "handle_unknown": "infrequent_if_exist"}, texts, text_new, attributes=one),
        encoded(OneHotEncoder, {"max_categories": 3, "min_frequency": 6, "drop": "first", "handle_unknown": "infrequent_if_exist"}, texts, text_new),
        encoded(OneHotEncoder, {"max_categories": 2, "handle_unknown": "ignore"}, texts, text_new, attributes=one),
        encoded(OrdinalEncoder, {}, rows, new, attributes=("categories_",)),
        encoded(OrdinalEncoder, {"categories": lists}, full, [full[0], full[1]]),
        encoded(OrdinalEncoder, {"handle_unknown": "use_encoded_value", "unknown_value": -1}, rows, unseen),
        encoded(OrdinalEncoder, {"handle_unknown": "use_encoded_value", "unknown_value": np.nan, "encoded_missing_value": -2}, rows, unseen, inverse=False),
        encoded(OrdinalEncoder, {"min_frequency": 5, "handle_unknown": "use_encoded_value", "unknown_value": 99}, texts, text_new, attributes=one, inverse=False),
        encoded(OrdinalEncoder, {"max_categories": 2}, texts, known, attributes=one, inverse=False),
    ]
    target = ("target_mean_", "encodings_")
    number = np.round(rng.normal(size=40) * 3 + np.array([len(r[2]) for r in rows]), 3).tolist()
    binary = [("up" if v > 2 else "down") for v in number]
    several = [("low" if v < 1 else "mid" if v < 4 else "top") for v in number]
    for smooth in ("auto", 0, 5, 1.5):
        cases.append(encoded(TargetEncoder, {"smooth": smooth}, rows, unseen, number, target))
        cases.append(encoded(TargetEncoder, {"smooth": smooth}, rows, unseen, binary, target))
    cases.append(encoded(TargetEncoder, {}, rows, unseen, several, target))
    cases.append(encoded(TargetEncoder, {"smooth": 2}, rows, unseen, several, target))
    cases.append(encoded(TargetEncoder, {"categories": lists}, full, unseen, [int(v > 2) for v in number], target))
    cases.append(encoded(TargetEncoder, {"target_type": "continuous"}, rows, unseen, [int(v) for v in number], target))
    cases.append(encoded(TargetEncoder, {}, rows, unseen, [3.5] * 40, target))
    write("preprocessing", "encoders", cases)


def imputers():
    rng = np.random.default_rng(9)
    x, new = numbers(rng), numbers(rng, 8)
    x[3:9, 1] = np.nan
    x[4] = np.nan
    new[2] = np.nan
    empty = x.copy()
    empty[:, 2] = np.nan
    whole = numbers(rng, 6, missing=False)
    coded = np.where(np.isnan(x), -1, np.round(x))
    thin = np.round(rng.normal(size=(20, 5)), 1) * (rng.random((20, 5)) < 0.5)
    thin[rng.random(thin.shape) < 0.1] = np.nan
    texts = [[v, w] for v, w in zip(rng.choice(["b", "a", "c"], 20).tolist(), rng.choice(["no", "yes"], 20).tolist())]
    for i in (0, 4, 5):
        texts[i][0] = None
    for i in (1, 4):
        texts[i][1] = None
    cases = []
    for strategy in ("mean", "median", "most_frequent", "constant"):
        cases.append(case(SimpleImputer, {"strategy": strategy}, np.round(x), new, attributes=("statistics_",), inverse=False))
        cases.append(case(SimpleImputer, {"strategy": strategy, "add_indicator": True}, empty, empty[:6]))
        cases.append(case(SimpleImputer, {"strategy": strategy, "keep_empty_features": True}, empty, new, attributes=("statistics_",), inverse=False))
        if strategy != "constant":
            cases.append(case(SimpleImputer, {"strategy": strategy}, thin, thin[:6], attributes=("statistics_",), inverse=False, sparse=True))
    cases.append(case(SimpleImputer, {"strategy": "constant", "fill_value": 3.5}, x, new, inverse=False))
    cases.append(case(SimpleImputer, {"missing_values": -1, "strategy": "median"}, coded, coded[:7], inverse=False))
    for n in (1, 3, 5, 40):
        for weights in ("uniform", "distance"):
            cases.append(case(KNNImputer, {"n_neighbors": n, "weights": weights}, x, np.vstack([new, x[:6]])))
    cases.append(case(KNNImputer, {"n_neighbors": 2, "add_indicator": True}, empty, new))
    cases.append(case(KNNImputer, {"n_neighbors": 2, "keep_empty_features": True}, empty, new))
    cases[-1]["names"] = ["x0", "x1", "x2", "x3"]  # scikit-learn leaves one out
    cases.append(case(KNNImputer, {"missing_values": -1, "n_neighbors": 4}, coded, coded[:7]))
    cases.append(case(MissingIndicator, {}, empty, empty[:5]))
    cases.append(case(MissingIndicator, {"features": "all"}, whole, new))
    for c in cases[-2:]:
        c["out"] = [[int(v) for v in row] for row in c["out"]]
    for params in ({"strategy": "most_frequent"}, {"strategy": "constant"}, {"strategy": "constant", "fill_value": "?"}, {"strategy": "most_frequent", "add_indicator": True}):
        model = SimpleImputer(**params)
        data = frame(texts)
        data.columns = ["x0", "x1"]
        out = [[float(v) if isinstance(v, bool) else v for v in row] for row in model.fit_transform(data).tolist()]
        cases.append({
            "estimator": "SimpleImputer", "params": params_of(params), "x": texts, "new": texts, "out": out,
            "attributes": {"statistics": model.statistics_.tolist()}, "names": model.get_feature_names_out().tolist(),
        })
    write("impute", "imputers", cases)


def compose():
    penguins = pd.read_csv(SRC.parents[1] / "examples/data/penguins.csv")
    numeric = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    texts = ["island", "sex"]
    x, y = penguins[numeric + texts], penguins["species"]
    x = x.assign(sex=x["sex"].astype(object).where(x["sex"].notna(), np.nan))
    numbers_part = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    texts_part = Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("hot", OneHotEncoder())])
    columns = ColumnTransformer([("numbers", numbers_part, numeric), ("texts", texts_part, texts)])
    model = Pipeline([("columns", columns), ("logistic", LogisticRegression(tol=1e-12, max_iter=10000))])
    model.fit(x, y)
    some = list(range(0, len(x), 37))
    cases = [{
        "name": "penguins", "rows": some, "names": columns.fit(x).get_feature_names_out().tolist(),
        "out": plain(np.asarray(columns.transform(x.iloc[some]))), "probabilities": plain(model.predict_proba(x.iloc[some])),
        "coef": plain(model[-1].coef_), "score": model.score(x, y), "predictions": model.predict(x.iloc[some]).tolist(),
    }]
    whole = x.dropna()
    union = FeatureUnion([
        ("hot", ColumnTransformer([("h", OneHotEncoder(), [4])], sparse_threshold=1)),
        ("more", ColumnTransformer([("p", PolynomialFeatures(2, include_bias=False), [0, 1])], remainder="drop")),
    ])
    union.set_params(hot__verbose_feature_names_out=False)
    out = union.fit_transform(whole)
    cases.append({
        "name": "union", "sparse": bool(sp.issparse(out)), "out": plain(out.toarray()[:5] if sp.issparse(out) else out[:5]),
        "names": union.get_feature_names_out().tolist(),
    })
    for threshold in (0.3, 0.5, 1.0):
        t = ColumnTransformer([("hot", OneHotEncoder(), ["island", "sex"]), ("scale", StandardScaler(), ["body_mass_g"])], remainder="drop", sparse_threshold=threshold)
        cases.append({"name": "sparse", "threshold": threshold, "sparse": bool(sp.issparse(t.fit_transform(whole)))})
    t = ColumnTransformer([("scale", MinMaxScaler(), ["body_mass_g"]), ("no", "drop", ["island"])], remainder="passthrough")
    out = t.fit_transform(whole.drop(columns="sex"))
    cases.append({"name": "remainder", "out": plain(out[:5]), "names": t.get_feature_names_out().tolist()})
    numbers_only, mass = whole[numeric[:3]], whole["body_mass_g"]
    for func, inverse in (("log", np.exp), ("sqrt", np.square)):
        m = TransformedTargetRegressor(Ridge(), func=getattr(np, func), inverse_func=inverse, check_inverse=False).fit(numbers_only, mass)
        cases.append({"name": "target", "params": {"func": func}, "predictions": plain(m.predict(numbers_only)[:10]), "score": m.score(numbers_only, mass)})
    m = TransformedTargetRegressor(Ridge(), transformer=QuantileTransformer(n_quantiles=50, output_distribution="normal")).fit(numbers_only, mass)
    cases.append({"name": "target", "params": {}, "predictions": plain(m.predict(numbers_only)[:10]), "score": m.score(numbers_only, mass)})
    write("compose", "compose", cases)


scalers()
encoders()
imputers()
compose()
