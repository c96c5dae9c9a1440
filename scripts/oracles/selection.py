"""Oracle values of cross-validation, searches, calibration, thresholds and inspection from scikit-learn: writes
src/classic/model-selection/fixtures/selection.json.

Run: python scripts/oracles/selection.py   (same bytes at every run)
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.inspection import partial_dependence
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    StratifiedKFold,
    TunedThresholdClassifierCV,
    cross_val_predict,
    cross_validate,
    learning_curve,
    validation_curve,
)

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/classic/model-selection/fixtures"
rng = np.random.default_rng(5)

n = 90
x = np.round(rng.normal(size=(n, 3)), 4)
score = x @ [1.5, -1.0, 0.4] + rng.normal(size=n)
two = (score > 0.4).astype(int)
three = np.digitize(score, [-0.8, 0.9])
y = np.round(2 * x[:, 0] - x[:, 1] ** 2 + 0.3 * rng.normal(size=n), 4)
weights = np.round(rng.random(n) + 0.1, 3)
logistic = LogisticRegression(tol=1e-12, max_iter=10000)


def lists(a):
    return np.asarray(a).tolist()


cv = cross_validate(
    logistic, x, two, cv=4, scoring=["accuracy", "neg_log_loss", "roc_auc", "f1"], return_train_score=True
)
out = {
    "sklearn": sklearn.__version__,
    "x": lists(x), "two": lists(two), "three": lists(three), "y": lists(y), "weights": lists(weights),
    "crossValidate": {
        "accuracy": lists(cv["test_accuracy"]), "negLogLoss": lists(cv["test_neg_log_loss"]),
        "rocAuc": lists(cv["test_roc_auc"]), "f1": lists(cv["test_f1"]),
        "trainAccuracy": lists(cv["train_accuracy"]),
    },
    "crossValPredict": {
        "ridge": lists(cross_val_predict(Ridge(), x, y, cv=5)),
        "probabilities": lists(cross_val_predict(logistic, x, three, cv=3, method="predict_proba").ravel()),
    },
}
sizes, train, test = learning_curve(Ridge(), x, y, cv=3, train_sizes=[0.2, 0.5, 1.0])
out["learningCurve"] = {"trainSizes": lists(sizes), "trainScores": lists(train), "testScores": lists(test)}
train, test = validation_curve(Ridge(), x, y, param_name="alpha", param_range=[0.1, 10, 1000], cv=3)
out["validationCurve"] = {"trainScores": lists(train), "testScores": lists(test)}
grid = GridSearchCV(Ridge(), {"alpha": [0.1, 10, 1000], "fit_intercept": [True, False]}, cv=KFold(4)).fit(x, y)
out["gridSearch"] = {
    "bestParams": {"alpha": grid.best_params_["alpha"], "fitIntercept": grid.best_params_["fit_intercept"]},
    "bestScore": grid.best_score_, "bestIndex": int(grid.best_index_),
    "meanTestScore": lists(grid.cv_results_["mean_test_score"]),
    "stdTestScore": lists(grid.cv_results_["std_test_score"]),
    "rankTestScore": lists(grid.cv_results_["rank_test_score"]),
    "coef": lists(grid.best_estimator_.coef_),
}
out["calibrated"] = []
for target in ("two", "three"):
    for method in ("sigmoid", "isotonic"):
        for ensemble in (True, False):
            for weighted in (False, True):
                model = CalibratedClassifierCV(logistic, method=method, cv=3, ensemble=ensemble)
                model.fit(x, {"two": two, "three": three}[target], sample_weight=weights if weighted else None)
                out["calibrated"].append({
                    "target": target, "method": method, "ensemble": ensemble, "weighted": weighted,
                    "probabilities": lists(model.predict_proba(x[:12]).ravel()),
                })
tuned = TunedThresholdClassifierCV(logistic, scoring="f1", cv=StratifiedKFold(3), thresholds=40,
                                   store_cv_results=True).fit(x, two)
out["tuned"] = {
    "bestThreshold": tuned.best_threshold_, "bestScore": tuned.best_score_,
    "thresholds": lists(tuned.cv_results_["thresholds"]), "scores": lists(tuned.cv_results_["scores"]),
}
iso = IsotonicRegression(out_of_bounds="clip").fit(x[:, 0], y, sample_weight=weights)
out["isotonic"] = {"predictions": lists(iso.predict(np.linspace(-3, 3, 25)))}
falling = IsotonicRegression(increasing="auto", y_min=-1, y_max=1, out_of_bounds="clip").fit(x[:, 1], -x[:, 1] + y)
out["isotonicAuto"] = {"predictions": lists(falling.predict(np.linspace(-3, 3, 25))),
                       "increasing": bool(falling.increasing_)}
ridge = Ridge().fit(x, y)
dependence = partial_dependence(ridge, x, [0], grid_resolution=7, kind="both")
out["dependence"] = {"grid": lists(dependence["grid_values"][0]), "average": lists(dependence["average"][0]),
                     "individual": lists(dependence["individual"][0][:3])}
pair = partial_dependence(logistic.fit(x, three), x, [0, 2], grid_resolution=4)
out["dependencePair"] = {"grids": [lists(g) for g in pair["grid_values"]],
                         "average": [lists(a.ravel()) for a in pair["average"]]}

OUT.mkdir(parents=True, exist_ok=True)
(OUT / "selection.json").write_text(json.dumps(out) + "\n")
