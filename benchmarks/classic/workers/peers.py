"""The peers' side of the classic jobs: one peer a process, told on stdin when to fit or predict."""
import json
import os
import sys
import time
import warnings

# An old setting for another processor would slow a current numpy down.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402

warnings.filterwarnings("ignore")
peer, folder, width, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def load(name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype=dtype)


def dense(part=""):
    return load(f"x{part}.f32", np.float32).reshape(-1, width), load(f"y{part}.f64", np.float64)


def auc(model):
    from sklearn.metrics import roc_auc_score

    x, y = dense("-test")
    return roc_auc_score(y, model.predict_proba(x)[:, 1])


def accuracy(model):
    x, y = dense("-test")
    return float((model.predict(x) == y).mean())


def rmse(model):
    x, y = dense("-test")
    return float(np.sqrt(((model.predict(x) - y) ** 2).mean()))


def booster(regression=False):
    if peer == "lightgbm":
        import lightgbm

        make = lightgbm.LGBMRegressor if regression else lightgbm.LGBMClassifier
        return make(n_estimators=100, num_leaves=31, max_bin=255, learning_rate=0.1,
                    min_child_samples=20, n_jobs=threads, verbose=-1)
    if peer == "xgboost":
        import xgboost

        make = xgboost.XGBRegressor if regression else xgboost.XGBClassifier
        return make(n_estimators=100, max_leaves=31, max_depth=0, grow_policy="lossguide",
                    max_bin=255, learning_rate=0.1, tree_method="hist", n_jobs=threads)
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    make = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    return make(max_iter=100, early_stopping=False)


def fit_job(make, quality=None):
    x, y = dense()
    return {"run": lambda: make().fit(x, y), "quality": quality}


def logistic():
    from sklearn.linear_model import LogisticRegression

    if peer == "sklearn-newton-cholesky":
        return LogisticRegression(solver="newton-cholesky")
    if peer == "sklearn-liblinear":
        return LogisticRegression(solver="liblinear")
    return LogisticRegression()


def text():
    from scipy.sparse import csr_matrix
    from sklearn.metrics import log_loss

    y = load("y.f64", np.float64)
    x = csr_matrix((load("values.f64", np.float64), load("indices.i32", np.int32),
                    load("indptr.i32", np.int32)), shape=(len(y), width))
    return {"run": lambda: logistic().fit(x, y),
            "quality": lambda model: log_loss(y, model.predict_proba(x))}


def forest(trees):
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=trees, n_jobs=threads, random_state=0)


def svc():
    from sklearn.svm import SVC

    return SVC()


def kmeans(clusters, step, iterations):
    from sklearn.cluster import KMeans

    x, _ = dense()
    init = x[np.arange(clusters) * step]
    return {"run": lambda: KMeans(clusters, init=init, n_init=1, max_iter=iterations).fit(x),
            "quality": lambda model: float(model.inertia_)}


def neighbours():
    from sklearn.neighbors import KNeighborsClassifier

    x, y = dense()
    tx, ty = dense("-test")
    algorithm = "brute" if peer == "sklearn-brute" else "auto"
    model = KNeighborsClassifier(5, algorithm=algorithm, n_jobs=threads).fit(x, y)
    return {"run": lambda: model.predict(tx), "quality": lambda p: float((p == ty).mean())}


def pca():
    from sklearn.decomposition import PCA

    x, _ = dense()
    return {"run": lambda: PCA().fit(x),
            "quality": lambda model: float(model.explained_variance_[:10].sum())}


def predict_row():
    x, y = dense()
    model = booster().fit(x, y)
    one = x[:1]

    def run():
        for _ in range(200):
            model.predict(one)
        return model

    return {"run": run, "quality": auc, "units": 200}


def predict_million():
    x, y = dense()
    model = booster().fit(x[:100_000], y[:100_000])

    def run():
        model.predict_proba(x)
        return model

    return {"run": run, "quality": auc}


jobs = {
    "boosting-1m": lambda: fit_job(booster, auc),
    "boosting-100k": lambda: fit_job(booster, auc),
    "boosting-regression-100k": lambda: fit_job(lambda: booster(True), rmse),
    "forest-100k": lambda: fit_job(lambda: forest(100), accuracy),
    "logistic-100k": lambda: fit_job(logistic, accuracy),
    "logistic-text": text,
    "svc-10k": lambda: fit_job(svc, accuracy),
    "kmeans-100k": lambda: kmeans(50, 1999, 300),
    "neighbours-100k": neighbours,
    "pca-100k": pca,
    "predict-row": predict_row,
    "predict-1m": predict_million,
    "growth-boosting": lambda: fit_job(booster),
    "growth-forest": lambda: fit_job(lambda: forest(20)),
    "growth-logistic": lambda: fit_job(logistic),
    "growth-kmeans": lambda: kmeans(10, 97, 20),
    "growth-pca": pca,
    "growth-svc": lambda: fit_job(svc),
}

job, last = None, None
for line in sys.stdin:
    message = json.loads(line)
    try:
        answer = {}
        if message["command"] == "prepare":
            job = jobs[message["job"]]()
            import sklearn

            versions = {"sklearn": sklearn.__version__}
            if peer in ("lightgbm", "xgboost"):
                versions[peer] = __import__(peer).__version__
            answer = {"versions": versions}
        elif message["command"] == "run":
            start = time.perf_counter()
            last = job["run"]()
            answer = {"seconds": (time.perf_counter() - start) / job.get("units", 1)}
        elif message["command"] == "quality":
            answer = {"value": None if job["quality"] is None else float(job["quality"](last))}
        print(json.dumps({"ok": True, **answer}, separators=(",", ":")), flush=True)
    except Exception as error:  # noqa: BLE001
        print(json.dumps({"ok": False, "error": repr(error)}, separators=(",", ":")), flush=True)
