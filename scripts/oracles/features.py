"""Oracle values of feature transformations from scipy, NumPy and scikit-learn: writes
src/features/fixtures/transformations.json.

Run: python scripts/oracles/features.py   (same bytes at every run)
"""
import json
import pathlib

import numpy as np
from scipy.stats import norm
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import QuantileTransformer, RobustScaler, StandardScaler

rng = np.random.default_rng(3)
x = np.round(rng.uniform(-3, 5, 41), 4)
with_missing = np.where(rng.random(41) < 0.2, np.nan, np.round(x))
column = with_missing[:, None]
probabilities = [1e-300, 1e-20, 1e-6, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.9251, 0.975, 1 - 1e-9]
out = {
    "probabilities": probabilities,
    "normalQuantiles": norm.ppf(probabilities).tolist(),
    "x": x.tolist(),
    "quantileLevels": [0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1],
    "quantiles": np.quantile(x, [0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1]).tolist(),
    "standard": StandardScaler().fit_transform(x[:, None]).ravel().tolist(),
    "robust": (RobustScaler(unit_variance=True).fit_transform(x[:, None])).ravel().tolist(),
    "ranks": QuantileTransformer(output_distribution="uniform", n_quantiles=41).fit_transform(x[:, None]).ravel().tolist(),
    "withMissing": [None if np.isnan(v) else v for v in with_missing.tolist()],
    "imputed": {
        "median": float(SimpleImputer(strategy="median").fit(column).statistics_[0]),
        "mean": float(SimpleImputer(strategy="mean").fit(column).statistics_[0]),
        "mostFrequent": float(SimpleImputer(strategy="most_frequent").fit(column).statistics_[0]),
    },
}
path = pathlib.Path(__file__).parents[2] / "src/features/fixtures/transformations.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(out, indent=1) + "\n")
