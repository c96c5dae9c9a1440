"""Oracle values of the naive Bayes classifiers from scikit-learn: writes
src/classic/naive-bayes/fixtures/naive-bayes.json. Their tables are those of tables.py.

Run: python scripts/oracles/naive-bayes.py   (same bytes at every run)
"""
import warnings

import numpy as np
import sklearn
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from tables import plain, tables, write

warnings.filterwarnings("ignore")
TABLES = tables()
CAMEL = {
    "var_smoothing": "varSmoothing", "fit_prior": "fitPrior", "class_prior": "classPrior",
    "priors": "priors", "alpha": "alpha", "norm": "norm", "binarize": "binarize",
}


def weights(n):
    return np.round(np.random.default_rng(3).random(n) * 2, 2)


def case(Class, table, params=None, weighted=False, parts=None):
    params = params or {}
    x, y = TABLES[table]
    if table == "blobs" and Class is not GaussianNB:
        x = np.abs(x)
    w = weights(len(y)) if weighted else None
    m = Class(**params)
    if parts:
        for begin, end in zip([0, *parts], [*parts, len(y)]):
            own = None if w is None else w[begin:end]
            m.partial_fit(x[begin:end], y[begin:end], classes=np.unique(y), sample_weight=own)
    else:
        m.fit(x, y, sample_weight=w)
    rows = np.arange(0, len(y), max(1, len(y) // 12))
    values = {"classCount": m.class_count_}
    if Class is GaussianNB:
        values.update(theta=m.theta_, var=m.var_, classPrior=m.class_prior_)
    else:
        values.update(classLogPrior=m.class_log_prior_, featureLogProb=m.feature_log_prob_)
    return {
        "estimator": Class.__name__, "table": table, "absolute": table == "blobs" and Class is not GaussianNB,
        "params": {CAMEL[k]: plain(v) for k, v in params.items()}, "sampleWeight": None if w is None else plain(w),
        "parts": parts, "rows": plain(rows), "values": {k: plain(v) for k, v in values.items()},
        "joint": plain(m.predict_joint_log_proba(x[rows])), "probabilities": plain(m.predict_proba(x[rows])),
        "labels": plain(m.predict(x)), "score": m.score(x, y),
    }


write("naive-bayes/fixtures/naive-bayes.json", [
    case(GaussianNB, "iris"),
    case(GaussianNB, "wine", weighted=True),
    case(GaussianNB, "penguins", {"priors": [0.2, 0.5, 0.3]}),
    case(GaussianNB, "digits", {"var_smoothing": 1e-2}),
    case(GaussianNB, "collinear"),
    case(GaussianNB, "blobs", parts=[50, 170], weighted=True),
    case(MultinomialNB, "digits"),
    case(MultinomialNB, "digits", {"alpha": 0.1, "fit_prior": False}),
    case(MultinomialNB, "iris", weighted=True),
    case(MultinomialNB, "blobs", {"class_prior": [0.1, 0.2, 0.1, 0.3, 0.2, 0.1]}, parts=[100]),
    case(BernoulliNB, "digits", {"binarize": 7.0}),
    case(BernoulliNB, "penguins", {"binarize": 44.0, "alpha": 0.5}, weighted=True),
    case(BernoulliNB, "wide"),
    case(BernoulliNB, "blobs", {"binarize": 1.0, "fit_prior": False}, parts=[30, 60, 90]),
    case(ComplementNB, "digits"),
    case(ComplementNB, "digits", {"norm": True}),
    case(ComplementNB, "iris", weighted=True, parts=[70]),
], sklearn=sklearn.__version__)
