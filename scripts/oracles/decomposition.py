"""Oracle values of PCA and TruncatedSVD from scikit-learn: writes src/classic/decomposition/fixtures/*.json.
Their tables are those of tables.py.

Run: python scripts/oracles/decomposition.py   (same bytes at every run)
"""
import warnings

import sklearn
from sklearn.decomposition import PCA, TruncatedSVD
from tables import plain, tables, write

warnings.filterwarnings("ignore")
TABLES = tables()


def pca():
    cases = []
    for name, params in [
        ("iris", {}),
        ("iris", {"n_components": 2, "whiten": True}),
        ("iris", {"n_components": 0.95}),
        ("iris", {"n_components": "mle", "svd_solver": "full"}),
        ("iris", {"n_components": 3, "svd_solver": "full"}),
        ("wine", {"n_components": 5}),
        ("wine", {"n_components": 0.9999, "svd_solver": "full"}),
        ("wine", {"n_components": 13, "svd_solver": "full", "whiten": True}),
        ("wine", {"n_components": "mle"}),
        ("digits", {"n_components": 10, "svd_solver": "full"}),
        ("digits", {"n_components": 10, "svd_solver": "covariance_eigh"}),
        ("penguins", {"n_components": 2}),
        ("blobs", {"n_components": 4}),
        ("wide", {"n_components": 6}),
        ("wide", {"n_components": 6, "svd_solver": "covariance_eigh"}),
        ("collinear", {"n_components": 2, "svd_solver": "full"}),
    ]:
        x, _ = TABLES[name]
        m = PCA(**params).fit(x)
        camel = {"n_components": "nComponents", "svd_solver": "svdSolver", "whiten": "whiten"}
        z = m.transform(x[:5])
        cases.append({
            "table": name,
            "params": {camel[k]: "covarianceEigh" if v == "covariance_eigh" else v for k, v in params.items()},
            "components": plain(m.components_), "explainedVariance": plain(m.explained_variance_),
            "explainedVarianceRatio": plain(m.explained_variance_ratio_),
            "singularValues": plain(m.singular_values_), "mean": plain(m.mean_),
            "noiseVariance": plain(m.noise_variance_), "transformed": plain(z),
            "back": plain(m.inverse_transform(z)),
            # scikit-learn's own scores change with whiten, though the model does not.
            "scores": plain(PCA(**{**params, "whiten": False}).fit(x).score_samples(x[:5]))
            if name not in ("wide", "collinear", "digits") else None,
        })
    write("decomposition/fixtures/pca.json", cases, sklearn=sklearn.__version__)


def truncated():
    cases = []
    for name, count in [("iris", 2), ("wine", 3), ("digits", 8), ("wide", 5)]:
        x, _ = TABLES[name]
        m = TruncatedSVD(count, algorithm="arpack").fit(x)
        cases.append({
            "table": name, "nComponents": count,
            "components": plain(m.components_), "explainedVariance": plain(m.explained_variance_),
            "explainedVarianceRatio": plain(m.explained_variance_ratio_),
            "singularValues": plain(m.singular_values_), "transformed": plain(m.transform(x[:5])),
        })
    write("decomposition/fixtures/truncated-svd.json", cases, sklearn=sklearn.__version__)


pca()
truncated()
