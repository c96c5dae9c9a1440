"""The same as kmeans-athanor.mjs with scikit-learn."""

import json
import sys
import time

import sklearn
from hashed_data import blobs
from sklearn.cluster import KMeans

given = sys.argv[1:]
rows, width, clusters = (int(v) for v in (given + ["100000", "20", "50"][len(given):])[:3])
dtype = given[3] if len(given) > 3 else "float32"
repetitions = int(given[4]) if len(given) > 4 else 5

x = blobs(rows, width, 60, 7).astype(dtype)
init = x[:clusters].copy()
for task, params in [
    ("kmeans-given", {"init": init, "max_iter": 30}),
    ("kmeans-plus-plus", {"max_iter": 20, "random_state": 0}),
]:
    seconds = []
    for i in range(repetitions + 1):
        began = time.perf_counter()
        model = KMeans(clusters, n_init=1, tol=0, **params).fit(x)
        if i > 0:
            seconds.append(time.perf_counter() - began)
    print(json.dumps({
        "library": "scikit-learn", "version": sklearn.__version__, "task": task,
        "rows": rows, "width": width, "clusters": clusters, "dtype": dtype,
        "seconds": seconds, "inertia": float(model.inertia_), "nIter": int(model.n_iter_),
    }))
