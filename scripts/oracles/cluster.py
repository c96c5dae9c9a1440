"""Oracle values of clusterers and mixtures from scikit-learn: writes src/classic/{cluster,mixture}/fixtures/*.json.
Their tables are those of tables.py.

Run: python scripts/oracles/cluster.py   (same bytes at every run)
"""
import warnings

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, KMeans
from sklearn.mixture import GaussianMixture
from tables import plain, tables, write

warnings.filterwarnings("ignore")
TABLES = tables()


def weights(n):
    return np.round(np.random.default_rng(3).random(n) * 2, 2)


def kmeans():
    cases = []
    for name, k, params, weighted in [
        ("iris", 3, {}, False),
        ("iris", 5, {"tol": 0}, True),
        ("wine", 3, {}, False),
        ("digits", 10, {"tol": 0}, False),
        ("digits", 20, {"max_iter": 4}, False),
        ("penguins", 4, {}, True),
        ("blobs", 6, {"tol": 0}, False),
        ("wide", 7, {"tol": 0}, False),
        ("collinear", 2, {}, True),
    ]:
        x, _ = TABLES[name]
        init = x[np.arange(k) * (len(x) // k)]
        w = weights(len(x)) if weighted else None
        m = KMeans(k, init=init, n_init=1, **params).fit(x, sample_weight=w)
        cases.append({
            "table": name, "nClusters": k,
            "params": {{"max_iter": "maxIter"}.get(key, key): v for key, v in params.items()},
            "init": plain(init), "sampleWeight": None if w is None else plain(w),
            "labels": plain(m.labels_), "clusterCenters": plain(m.cluster_centers_),
            "inertia": m.inertia_, "nIter": m.n_iter_,
            "predicted": plain(m.predict(x[:20] * 1.1)), "distances": plain(m.transform(x[:4])),
            "score": m.score(x[:20], sample_weight=None if w is None else w[:20]),
        })
    # Centres far from all rows: their clusters are empty at first and move.
    x, _ = TABLES["blobs"]
    init = np.vstack([x[:3], np.full((1, 5), 1e3)])
    m = KMeans(4, init=init, n_init=1, tol=0).fit(x)
    cases.append({
        "table": "blobs", "nClusters": 4, "params": {"tol": 0}, "init": plain(init), "sampleWeight": None,
        "labels": plain(m.labels_), "clusterCenters": plain(m.cluster_centers_), "inertia": m.inertia_,
        "nIter": m.n_iter_, "predicted": plain(m.predict(x[:20] * 1.1)), "distances": plain(m.transform(x[:4])),
        "score": m.score(x[:20]),
    })
    write("cluster/fixtures/k-means.json", cases, sklearn=sklearn.__version__)


def dbscan():
    cases = []
    for name, params, weighted in [
        ("iris", {}, False),
        ("iris", {"eps": 0.8, "min_samples": 10}, False),
        ("iris", {"eps": 0.35, "min_samples": 3}, True),
        ("iris", {"eps": 1.0, "metric": "manhattan"}, False),
        ("wine", {"eps": 30, "min_samples": 4}, False),
        ("digits", {"eps": 22, "min_samples": 4}, False),
        ("digits", {"eps": 130, "min_samples": 4, "metric": "manhattan"}, False),
        ("penguins", {"eps": 40, "min_samples": 3}, False),
        ("blobs", {"eps": 1.6, "min_samples": 6}, False),
        ("blobs", {"eps": 1.1, "min_samples": 4, "metric": "chebyshev"}, False),
        ("blobs", {"eps": 1.5, "min_samples": 4, "metric": "minkowski", "p": 3}, True),
        ("wide", {"eps": 6, "min_samples": 2}, False),
    ]:
        x, _ = TABLES[name]
        w = weights(len(x)) if weighted else None
        m = DBSCAN(**params).fit(x, sample_weight=w)
        cases.append({
            "table": name, "params": {{"min_samples": "minSamples"}.get(k, k): v for k, v in params.items()},
            "sampleWeight": None if w is None else plain(w), "labels": plain(m.labels_),
            "coreSampleIndices": plain(m.core_sample_indices_),
        })
    write("cluster/fixtures/dbscan.json", cases, sklearn=sklearn.__version__)


def mixtures():
    cases = []
    for name, k, kind, params in [
        ("iris", 3, "full", {}),
        ("iris", 2, "tied", {"tol": 1e-5}),
        ("penguins", 3, "tied", {}),
        ("wine", 3, "diag", {"tol": 1e-6}),
        ("wine", 2, "full", {"reg_covar": 1e-3}),
        ("blobs", 6, "spherical", {"tol": 1e-6}),
        ("blobs", 4, "full", {"max_iter": 5}),
        ("penguins", 3, "spherical", {"max_iter": 30}),
        ("collinear", 2, "full", {"reg_covar": 1e-4}),
    ]:
        x, _ = TABLES[name]
        n, d = x.shape
        means = x[np.arange(k) * (n // k)]
        weights = np.arange(1, k + 1) / (k * (k + 1) / 2)
        var = x.var(axis=0)
        precisions = {
            "full": np.array([np.diag(1 / var)] * k), "tied": np.diag(1 / var),
            "diag": np.array([1 / var] * k), "spherical": np.full(k, 1 / var.mean()),
        }[kind]
        m = GaussianMixture(
            k, covariance_type=kind, weights_init=weights, means_init=means, precisions_init=precisions, **params
        ).fit(x)
        camel = {"reg_covar": "regCovar", "max_iter": "maxIter", "tol": "tol"}
        cases.append({
            "table": name, "params": {"nComponents": k, "covarianceType": kind, **{camel[p]: v for p, v in params.items()}},
            "weightsInit": plain(weights), "meansInit": plain(means), "precisionsInit": plain(precisions),
            "weights": plain(m.weights_), "means": plain(m.means_), "covariances": plain(m.covariances_),
            "precisions": plain(m.precisions_), "lowerBound": m.lower_bound_, "nIter": m.n_iter_,
            "converged": bool(m.converged_), "labels": plain(m.predict(x)),
            "probabilities": plain(m.predict_proba(x[:5])), "densities": plain(m.score_samples(x[:5])),
            "score": m.score(x), "bic": m.bic(x), "aic": m.aic(x),
        })
    write("mixture/fixtures/gaussian-mixture.json", cases, sklearn=sklearn.__version__)


kmeans()
dbscan()
mixtures()
