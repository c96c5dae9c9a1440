"""Oracle values of feature selection from scikit-learn: writes src/classic/feature-selection/fixtures/*.json.

Run: python scripts/oracles/feature-selection.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import scipy.sparse as sp
import sklearn
from scipy import special, stats
from sklearn.datasets import load_iris, load_wine
from sklearn.feature_selection import (
    RFE, RFECV, SelectFromModel, SelectKBest, SelectPercentile, VarianceThreshold, chi2, f_classif, f_regression,
    mutual_info_classif, mutual_info_regression,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold

from preprocessing_common import plain

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/classic/feature-selection/fixtures"
rng = np.random.default_rng(17)
cases = []


def scored(name, func, x, y, sparse=False):
    scores, pvalues = func(sp.csr_array(x) if sparse else x, y)
    cases.append({"kind": "score", "name": name, "x": plain(x), "y": plain(np.asarray(y)), "sparse": sparse, "scores": plain(scores), "pvalues": plain(pvalues)})


x = np.round(rng.normal(size=(40, 5)), 3)
label = rng.integers(0, 3, 40)
x[:, 0] += label
x[:, 1] -= 0.3 * label
x[:, 4] = 2.5
number = np.round(2 * x[:, 0] - x[:, 2] + rng.normal(size=40), 3)
counts = rng.poisson(1.2, size=(40, 6)) * (rng.random((40, 6)) < 0.6)
counts[:, 0] += label
scored("fClassif", f_classif, x[:, :4], label)
scored("fClassif", f_classif, counts.astype(float), label, sparse=True)
scored("fClassif", f_classif, load_iris().data[::3], load_iris().target[::3])
scored("fRegression", f_regression, x[:, :4], number)
scored("fRegression", f_regression, x, number)
scored("fRegression", f_regression, counts.astype(float), number, sparse=True)
scored("fRegression", f_regression, np.column_stack([number * 2, x[:, 0]]), number)
scored("chi2", chi2, counts, label)
scored("chi2", chi2, counts.astype(float), label, sparse=True)
scored("chi2", chi2, load_wine().data[::4], load_wine().target[::4])

big = rng.normal(size=(200, 4))
big_label = (big[:, 0] + 0.5 * rng.normal(size=200) > 0).astype(int) + (big[:, 1] > 1)
big_number = np.sin(3 * big[:, 0]) + 0.3 * rng.normal(size=200)
for n in (3, 1, 7):
    cases.append({"kind": "information", "name": "mutualInfoClassif", "x": plain(big), "y": plain(big_label), "nNeighbors": n, "scores": plain(mutual_info_classif(big, big_label, n_neighbors=n, random_state=0))})
    cases.append({"kind": "information", "name": "mutualInfoRegression", "x": plain(big), "y": plain(big_number), "nNeighbors": n, "scores": plain(mutual_info_regression(big, big_number, n_neighbors=n, random_state=0))})
binned = np.round(big)
cases.append({"kind": "information", "name": "mutualInfoClassif", "x": plain(binned), "y": plain(big_label), "discrete": True, "scores": plain(mutual_info_classif(binned, big_label, discrete_features=True))})
cases.append({"kind": "information", "name": "mutualInfoRegression", "x": plain(binned), "y": plain(big_number), "discrete": True, "tolerance": 1e-3, "scores": plain(mutual_info_regression(binned, big_number, discrete_features=True, random_state=0))})
cases.append({"kind": "information", "name": "mutualInfoClassif", "tolerance": 0.06, "x": plain(load_iris().data), "y": plain(load_iris().target), "scores": plain(np.mean([mutual_info_classif(*load_iris(return_X_y=True), random_state=s) for s in range(30)], axis=0))})

f = [1e-3, 0.5, 1, 3, 20, 1e3, 1e6]
cases.append({
    "kind": "tails", "values": f,
    "f": [[d1, d2, plain(special.fdtrc(d1, d2, f))] for d1, d2 in ((1, 5), (3, 30), (2, 1000), (10, 1e5), (40, 3))],
    "chi2": [[k, plain(special.chdtrc(k, f))] for k in (1, 2, 5, 50, 1000)],
    "digamma": [[z, float(special.digamma(z))] for z in (1, 2, 3, 7.5, 100, 1e5)],
    "logGamma": [[z, float(special.gammaln(z))] for z in (0.5, 1, 1.5, 7, 50.5, 99.5, 150, 1e5)],
})


def selected(kind, params, mine, x, y, sparse=False, **more):
    model = kind(**params).fit(sp.csr_array(x) if sparse else x, y)
    out = model.transform(x)
    case = {"kind": "select", "estimator": kind.__name__, "params": mine, "x": plain(x), "y": None if y is None else plain(np.asarray(y)), "sparse": sparse,
            "support": model.get_support().astype(int).tolist(), "out": plain(out)[:3], "inverse": plain(model.inverse_transform(out))[:3], **more}
    if hasattr(model, "ranking_"):
        case["ranking"] = model.ranking_.tolist()
    if kind is RFECV:
        case["nFeatures"] = model.cv_results_["n_features"].tolist()
        case["means"] = plain(model.cv_results_["mean_test_score"])
        case["stds"] = plain(model.cv_results_["std_test_score"])
    if kind is SelectFromModel:
        case["threshold"] = float(model.threshold_)
    cases.append(case)


for k in (1, 2, 4, "all"):
    selected(SelectKBest, {"k": k}, {"k": k}, x[:, :4], label)
selected(SelectKBest, {"score_func": chi2, "k": 3}, {"scoreFunc": "chi2", "k": 3}, counts.astype(float), label, sparse=True)
selected(SelectKBest, {"score_func": f_regression, "k": 2}, {"scoreFunc": "fRegression", "k": 2}, x, number)
for percentile in (0.1, 30, 50, 80, 100):
    selected(SelectPercentile, {"percentile": percentile}, {"percentile": percentile}, load_wine().data[::4], load_wine().target[::4])
selected(SelectPercentile, {"percentile": 50}, {"percentile": 50}, np.tile(x[:, :2], (1, 3)), label, note="ties")
for threshold in (0, 0.5, 1.2):
    selected(VarianceThreshold, {"threshold": threshold}, {"threshold": threshold}, x, None)
selected(VarianceThreshold, {}, {}, np.column_stack([counts, np.zeros(40), np.full(40, 3)]).astype(float), None, sparse=True)
wide = rng.normal(size=(60, 8)).round(3)
wide_number = np.round(wide @ [4, 0, 2, 0, 1, 0.5, 0, 3] + 0.5 * rng.normal(size=60), 3)
wide_label = np.digitize(wide_number, [-3, 3])
for params, mine in (
    ({}, {}), ({"n_features_to_select": 3}, {"nFeaturesToSelect": 3}), ({"n_features_to_select": 0.25, "step": 2}, {"nFeaturesToSelect": 0.25, "step": 2}),
    ({"n_features_to_select": 1, "step": 0.3}, {"nFeaturesToSelect": 1, "step": 0.3}),
):
    selected(RFE, {"estimator": Ridge(), **params}, mine, wide, wide_number, inner="Ridge")
selected(RFE, {"estimator": LogisticRegression(tol=1e-10), "n_features_to_select": 2}, {"nFeaturesToSelect": 2}, wide, wide_label, inner="LogisticRegression")
selected(RFECV, {"estimator": Ridge(), "cv": KFold(4)}, {"cv": 4}, wide, wide_number, inner="Ridge")
selected(RFECV, {"estimator": Ridge(), "cv": KFold(3), "step": 3, "min_features_to_select": 2}, {"cv": 3, "step": 3, "minFeaturesToSelect": 2}, wide, wide_number, inner="Ridge")
for params, mine in (
    ({}, {}), ({"threshold": "median"}, {"threshold": "median"}), ({"threshold": "0.5*mean"}, {"threshold": "0.5*mean"}), ({"threshold": 1.5}, {"threshold": 1.5}),
    ({"threshold": -np.inf, "max_features": 3}, {"threshold": -1, "maxFeatures": 3}),
):
    selected(SelectFromModel, {"estimator": Ridge(), **params}, mine, wide, wide_number, inner="Ridge")
    if cases[-1]["threshold"] == -np.inf:
        cases[-1]["threshold"] = -1
selected(SelectFromModel, {"estimator": LogisticRegression(tol=1e-10), "norm_order": 2}, {"normOrder": 2}, wide, wide_label, inner="LogisticRegression")

OUT.mkdir(parents=True, exist_ok=True)
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
text = f'{{"sklearn":"{sklearn.__version__}","cases":[\n{lines}\n]}}\n'
(OUT / "feature-selection.json").write_text(text)
print(f"feature-selection.json: {len(cases)} cases, {len(text) / 1024:.0f} kB")
