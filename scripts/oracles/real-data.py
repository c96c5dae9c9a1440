"""Cross-validated scores of scikit-learn's estimators on real tables, for src/classic/real-data.test.ts: writes
src/classic/fixtures/real-data.json with the rows themselves.

iris, wine and digits come with scikit-learn; penguins from examples/data; Letter Recognition (every thirteenth row) and
flights (every 130th) from benchmarks/accuracy/prepare.py.

Run: python scripts/oracles/real-data.py [<folder of prepare.py>]   (same bytes at every run)
"""
import csv
import json
import pathlib
import sys
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, PoissonRegressor, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parents[2]
TABLES = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".peers/accuracy"
OUT = ROOT / "src/classic/fixtures"


def penguins():
    numbers = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    with open(ROOT / "examples/data/penguins.csv") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] for name in numbers)]
    return [[float(row[name]) for name in numbers] for row in rows], [row["species"] for row in rows]


def letters():
    with open(TABLES / "letter.csv") as file:
        rows = list(csv.DictReader(file))[::13]
    names = [name for name in rows[0] if name != "lettr"]
    return [[float(row[name]) for name in names] for row in rows], [row["lettr"] for row in rows]


def flights():
    with open(TABLES / "flights.csv") as file:
        rows = list(csv.DictReader(file))[::130]
    return [[float(row["distance"]), float(row["time"])] for row in rows], [float(row["delay"]) for row in rows]


iris, wine, digits = load_iris(), load_wine(), load_digits()
tables = {
    "iris": (iris.data, iris.target.tolist()),
    "wine": (wine.data, wine.target.tolist()),
    "digits": (digits.data[::2], digits.target[::2].tolist()),
    "penguins": penguins(),
    "letters": letters(),
    "flights": flights(),
}
scaled = lambda model: make_pipeline(StandardScaler(), model)  # noqa: E731
exact, near = 1e-9, 0.02
# A single tree draws between equal splits: in scikit-learn too its score moves by this from seed to seed.
one_tree = 0.03
# Each: what it is called in the test, the model, and how near scores have to come.
classifiers = [
    ("LogisticRegression", scaled(LogisticRegression(tol=1e-10, max_iter=5000)), exact),
    ("LinearDiscriminantAnalysis", LinearDiscriminantAnalysis(), exact),
    ("LinearSVC", scaled(LinearSVC(tol=1e-8, max_iter=200000, random_state=0)), 0.005),
    ("SVC", scaled(SVC(tol=1e-5)), exact),
    ("SVC, polynomial", scaled(SVC(kernel="poly", tol=1e-5)), exact),
    ("KNeighborsClassifier", scaled(KNeighborsClassifier()), exact),
    ("KNeighborsClassifier, by distance", scaled(KNeighborsClassifier(9, weights="distance")), exact),
    ("GaussianNB", GaussianNB(), exact),
    ("DecisionTreeClassifier", DecisionTreeClassifier(random_state=0), one_tree),
    ("RandomForestClassifier", RandomForestClassifier(random_state=0), near),
    ("ExtraTreesClassifier", ExtraTreesClassifier(random_state=0), near),
    ("HistGradientBoostingClassifier", HistGradientBoostingClassifier(max_iter=30), near),
    ("PCA and LogisticRegression",
     make_pipeline(StandardScaler(), PCA(2), LogisticRegression(tol=1e-10, max_iter=5000)), exact),
]
counts = [("MultinomialNB", MultinomialNB(), exact), ("BernoulliNB", BernoulliNB(binarize=8), exact)]
regressors = [
    ("LinearRegression", LinearRegression(), exact),
    ("Ridge", scaled(Ridge()), exact),
    ("Lasso", scaled(Lasso(tol=1e-10)), 1e-6),
    ("ElasticNet", scaled(ElasticNet(tol=1e-10)), 1e-6),
    ("SVR", scaled(SVR(tol=1e-6)), 1e-4),
    # Flights of one distance and hour are equally near: which five are taken is not laid down.
    ("KNeighborsRegressor", scaled(KNeighborsRegressor()), near),
    ("DecisionTreeRegressor", DecisionTreeRegressor(max_depth=4, random_state=0), 1e-6),
    ("RandomForestRegressor", RandomForestRegressor(min_samples_leaf=20, random_state=0), near),
    ("HistGradientBoostingRegressor", HistGradientBoostingRegressor(max_iter=30), near),
]
out = {"sklearn": sklearn.__version__, "tables": {}, "scores": []}
for name, (x, y) in tables.items():
    x, y = np.asarray(x), np.asarray(y)
    out["tables"][name] = {"x": x.tolist(), "y": y.tolist()}
    is_class = name != "flights"
    models = classifiers + (counts if name in ("digits", "letters") else []) if is_class else regressors
    cv = StratifiedKFold(4) if is_class else KFold(4)
    for model_name, model, within in models:
        scores = cross_val_score(model, x, y, cv=cv)
        out["scores"].append({"table": name, "model": model_name, "scores": scores.tolist(), "within": within})

# What was learned, not only how well.
x, y = iris.data, iris.target
standard = (x - x.mean(axis=0)) / x.std(axis=0)
logistic = LogisticRegression(tol=1e-12, max_iter=10000).fit(standard, y)
svc = SVC(tol=1e-6).fit(standard, y)
tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(penguins()[0], penguins()[1])
kmeans = KMeans(3, init=standard[[0, 60, 120]], n_init=1).fit(standard)
out["learned"] = {
    "logistic": {"coef": logistic.coef_.ravel().tolist(), "intercept": logistic.intercept_.tolist()},
    "svc": {"support": svc.support_.tolist(), "nSupport": svc.n_support_.tolist(),
            "intercept": svc.intercept_.tolist()},
    "tree": {"feature": tree.tree_.feature.tolist(), "threshold": tree.tree_.threshold.tolist()},
    "pca": {"explainedVarianceRatio": PCA().fit(standard).explained_variance_ratio_.tolist()},
    "kmeans": {"inertia": kmeans.inertia_, "labels": kmeans.labels_.tolist()},
    "poisson": PoissonRegressor(alpha=0.1, tol=1e-10, max_iter=1000).fit(standard, y).coef_.tolist(),
}


def short(value):
    """Whole numbers without their .0: half the file."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "real-data.json").write_text(json.dumps(short(out), separators=(",", ":")) + "\n")
print((OUT / "real-data.json").stat().st_size)
