"""Oracle values of clusterers from scikit-learn: writes src/classic/cluster/fixtures/*.json. Their tables are
those of tables.py.

Run: python scripts/oracles/cluster.py   (same bytes at every run)
"""
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
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


kmeans()
