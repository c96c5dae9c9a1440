"""Oracle values of the metrics from scikit-learn: writes src/estimator/metrics/fixtures/*.json.

Run: python scripts/oracles/metrics.py   (scikit-learn 1.6 or newer; same bytes at every run)
"""
import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parents[2] / "src/estimator/metrics/fixtures"
rng = np.random.default_rng(7)


def plain(value):
    """JSON without NaN: NaN and infinities become strings."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (np.integer, int)) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, (np.floating, float)):
        value = float(value)
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
    return value


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain({"sklearn": sklearn.__version__, "cases": cases}), indent=1)
    (OUT / f"{name}.json").write_text(text + "\n")


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def binary_case(name, y, score, w):
    pred = (score >= 0.5).astype(int)
    roc, pr = m.roc_curve(y, score, sample_weight=w), m.precision_recall_curve(y, score, sample_weight=w)
    full = m.roc_curve(y, score, sample_weight=w, drop_intermediate=False)
    out = {
        "accuracy": m.accuracy_score(y, pred, sample_weight=w),
        "balancedAccuracy": m.balanced_accuracy_score(y, pred, sample_weight=w),
        "precision": m.precision_score(y, pred, sample_weight=w),
        "recall": m.recall_score(y, pred, sample_weight=w),
        "f1": m.f1_score(y, pred, sample_weight=w),
        "recallZeroDivisionOne": m.recall_score(y, pred, sample_weight=w, zero_division=1),
        "precisionZeroDivisionOne": m.precision_score(y, pred, sample_weight=w, zero_division=1),
        "rocAuc": m.roc_auc_score(y, score, sample_weight=w),
        "prAuc": m.average_precision_score(y, score, sample_weight=w),
        "logLoss": m.log_loss(y, score, sample_weight=w, labels=[0, 1]),
        "rocCurve": list(roc),
        "rocCurveAll": list(full),
        "precisionRecallCurve": list(pr),
        "calibrationUniform": list(calibration_curve(y, score, n_bins=7)),
        "calibrationQuantile": list(calibration_curve(y, score, n_bins=4, strategy="quantile")),
    }
    return {"name": name, "yTrue": y, "yScore": score, "sampleWeight": w, "yPred": pred, "expected": out}


def binary():
    n = 60
    y = (rng.random(n) < 0.4).astype(int)
    score = np.clip(0.35 * y + rng.random(n) * 0.65, 0, 1)
    w = rng.random(n) * 3
    w[::9] = 0
    cases = [
        binary_case("plain", y, score, None),
        binary_case("weighted", y, score, w),
        binary_case("ties", y, np.round(score * 4) / 4, None),
        binary_case("ties weighted", y, np.round(score * 4) / 4, w),
        binary_case("all scores equal", y, np.full(n, 0.5), None),
        binary_case("certain mistakes", np.array([0, 1, 1, 0]), np.array([1.0, 0.0, 1.0, 0.0]), None),
        binary_case("one class: negative", np.zeros(5, int), np.array([0.1, 0.7, 0.3, 0.3, 0.2]), None),
        binary_case("one class: positive", np.ones(5, int), np.array([0.1, 0.7, 0.3, 0.3, 0.2]), None),
    ]
    write("binary", cases)


def multi_case(name, y, p, w):
    pred = p.argmax(axis=1)
    k = p.shape[1]
    labels = list(range(k))
    out = {
        "accuracy": m.accuracy_score(y, pred, sample_weight=w),
        "top2": m.top_k_accuracy_score(y, p, k=2, sample_weight=w, labels=labels),
        "top3": m.top_k_accuracy_score(y, p, k=3, sample_weight=w, labels=labels),
        "balancedAccuracy": m.balanced_accuracy_score(y, pred, sample_weight=w),
        "balancedAccuracyAdjusted": m.balanced_accuracy_score(y, pred, sample_weight=w, adjusted=True),
        "rocAuc": m.roc_auc_score(y, p, sample_weight=w, multi_class="ovr"),
        "rocAucWeighted": m.roc_auc_score(y, p, sample_weight=w, multi_class="ovr", average="weighted"),
        "prAuc": m.average_precision_score(y, p, sample_weight=w),
        "logLoss": m.log_loss(y, p, sample_weight=w, labels=labels),
        "confusionMatrix": m.confusion_matrix(y, pred, sample_weight=w),
    }
    for norm in ("true", "pred", "all"):
        out[f"confusionMatrix_{norm}"] = m.confusion_matrix(y, pred, sample_weight=w, normalize=norm)
    for average in ("macro", "micro", "weighted"):
        for zero in (0, 1, np.nan):
            kw = dict(average=average, sample_weight=w, zero_division=zero)
            out[f"precision_{average}_{zero}"] = m.precision_score(y, pred, **kw)
            out[f"recall_{average}_{zero}"] = m.recall_score(y, pred, **kw)
            out[f"f1_{average}_{zero}"] = m.f1_score(y, pred, **kw)
    per = m.precision_recall_fscore_support(y, pred, sample_weight=w, zero_division=0)
    out["perClass"] = list(per)
    out["report"] = m.classification_report(y, pred, sample_weight=w, output_dict=True, zero_division=0)
    return {"name": name, "yTrue": y, "yScore": p, "yPred": pred, "sampleWeight": w, "expected": out}


def multiclass():
    n, k = 60, 4
    y = rng.integers(0, k, n)
    y[:k] = np.arange(k)
    p = softmax(rng.normal(size=(n, k)) + 1.2 * np.eye(k)[y])
    w = rng.random(n) + 0.1
    rounded = np.round(p * 8) / 8 + 1e-3
    rounded /= rounded.sum(axis=1, keepdims=True)
    p0 = p.copy()
    p0[:, 3] = 1e-6
    p0 /= p0.sum(axis=1, keepdims=True)
    cases = [
        multi_case("plain", y, p, None),
        multi_case("weighted", y, p, w),
        multi_case("ties", y, rounded, w),
        multi_case("a class never predicted", y, p0, None),
    ]
    write("multiclass", cases)


def regression():
    n = 40
    y = rng.normal(size=n) * 3 + 5
    pred = y + rng.normal(size=n)
    w = rng.random(n) * 2
    cases = []
    zero = y.copy()
    zero[3] = 0
    for name, t, q, sw in [
        ("plain", y, pred, None),
        ("weighted", y, pred, w),
        ("large offset", y + 1e9, pred + 1e9, None),
        ("constant, missed", np.full(n, 2.0), pred, None),
        ("constant, exact", np.full(n, 2.0), np.full(n, 2.0), None),
        ("a truth of zero", zero, pred, None),
        ("one row", y[:1], pred[:1], None),
    ]:
        cases.append({
            "name": name, "yTrue": t, "yPred": q, "sampleWeight": sw,
            "expected": {
                "meanSquaredError": m.mean_squared_error(t, q, sample_weight=sw),
                "rootMeanSquaredError": m.root_mean_squared_error(t, q, sample_weight=sw),
                "meanAbsoluteError": m.mean_absolute_error(t, q, sample_weight=sw),
                "meanAbsolutePercentageError": m.mean_absolute_percentage_error(t, q, sample_weight=sw),
                "r2": m.r2_score(t, q, sample_weight=sw),
            },
        })
    write("regression", cases)


binary()
multiclass()
regression()
