"""Oracle values of the metrics from scikit-learn: writes src/estimator/metrics/fixtures/*.json.

Run: python scripts/oracles/metrics.py   (scikit-learn 1.9 or newer; same bytes at every run)
"""
import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from scipy import stats
from sklearn import metrics as m
from sklearn.base import BaseEstimator, ClassifierMixin, ClusterMixin, RegressorMixin
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
    out |= more_binary(y, score, pred, w)
    return {"name": name, "yTrue": y, "yScore": score, "sampleWeight": w, "yPred": pred, "expected": out}


def given(**values):
    """The values that scikit-learn gives; what it refuses is left out."""
    out = {}
    for name, value in values.items():
        try:
            out[name] = value()
        except ValueError:
            pass
    return out


def more_binary(y, score, pred, w):
    weighted = dict(sample_weight=w)
    return given(
        fBetaHalf=lambda: m.fbeta_score(y, pred, beta=0.5, **weighted),
        fBeta2=lambda: m.fbeta_score(y, pred, beta=2, **weighted),
        jaccard=lambda: m.jaccard_score(y, pred, **weighted),
        matthewsCorrcoef=lambda: m.matthews_corrcoef(y, pred, **weighted),
        cohenKappa=lambda: m.cohen_kappa_score(y, pred, **weighted),
        zeroOneLoss=lambda: m.zero_one_loss(y, pred, **weighted),
        zeroOneLossCount=lambda: m.zero_one_loss(y, pred, normalize=False, **weighted),
        hammingLoss=lambda: m.hamming_loss(y, pred, **weighted),
        brierScore=lambda: m.brier_score_loss(y, score, pos_label=1, **weighted),
        brierScoreWhole=lambda: m.brier_score_loss(y, score, pos_label=1, scale_by_half=False, **weighted),
        d2Brier=lambda: m.d2_brier_score(y, score, pos_label=1, **weighted),
        d2LogLoss=lambda: m.d2_log_loss_score(y, score, labels=[0, 1], **weighted),
        logLossSum=lambda: m.log_loss(y, score, labels=[0, 1], normalize=False, **weighted),
        hingeLoss=lambda: m.hinge_loss(y, 3 * score - 1.5, **weighted) if len(set(y)) == 2 else None,
        likelihoodRatios=lambda: m.class_likelihood_ratios(y, pred, labels=[0, 1], **weighted),
        rocAucPart=lambda: m.roc_auc_score(y, score, max_fpr=0.3, **weighted),
        rocAucPart2=lambda: m.roc_auc_score(y, score, max_fpr=0.85, **weighted),
        topOne=lambda: m.top_k_accuracy_score(y, score, k=1, labels=[0, 1], **weighted),
        detCurve=lambda: list(m.det_curve(y, score, **weighted)),
        detCurveDropped=lambda: list(m.det_curve(y, score, drop_intermediate=True, **weighted)),
        precisionRecallCurveDropped=lambda: list(
            m.precision_recall_curve(y, score, drop_intermediate=True, **weighted)
        ),
        confusionAtThresholds=lambda: list(
            m.confusion_matrix_at_thresholds(y, score, pos_label=1, **weighted)
        ),
        f1AtThresholds=lambda: list(m.metric_at_thresholds(y, score, m.f1_score, **weighted)),
    )


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
    out |= more_multi(y, p, pred, w, labels)
    return {"name": name, "yTrue": y, "yScore": p, "yPred": pred, "sampleWeight": w, "expected": out}


def more_multi(y, p, pred, w, labels):
    weighted = dict(sample_weight=w)
    out = given(
        matthewsCorrcoef=lambda: m.matthews_corrcoef(y, pred, **weighted),
        cohenKappa=lambda: m.cohen_kappa_score(y, pred, **weighted),
        cohenKappaLinear=lambda: m.cohen_kappa_score(y, pred, weights="linear", **weighted),
        cohenKappaQuadratic=lambda: m.cohen_kappa_score(y, pred, weights="quadratic", **weighted),
        cohenKappaOfThree=lambda: m.cohen_kappa_score(
            y, pred, labels=[3, 0, 1], weights="linear", **weighted
        ),
        zeroOneLoss=lambda: m.zero_one_loss(y, pred, **weighted),
        hammingLoss=lambda: m.hamming_loss(y, pred, **weighted),
        brierScore=lambda: m.brier_score_loss(y, p, labels=labels, **weighted),
        brierScoreHalf=lambda: m.brier_score_loss(y, p, labels=labels, scale_by_half=True, **weighted),
        d2Brier=lambda: m.d2_brier_score(y, p, labels=labels, **weighted),
        d2LogLoss=lambda: m.d2_log_loss_score(y, p, labels=labels, **weighted),
        hingeLoss=lambda: m.hinge_loss(y, 4 * p, labels=labels, **weighted),
        multilabelConfusionMatrix=lambda: m.multilabel_confusion_matrix(y, pred, **weighted),
        multilabelConfusionMatrixOfTwo=lambda: m.multilabel_confusion_matrix(
            y, pred, labels=[2, 0], **weighted
        ),
        rocAucMicro=lambda: m.roc_auc_score(y, p, multi_class="ovr", average="micro", **weighted),
        rocAucOvo=lambda: m.roc_auc_score(y, p, multi_class="ovo"),
        rocAucOvoWeighted=lambda: m.roc_auc_score(y, p, multi_class="ovo", average="weighted"),
        prAucWeighted=lambda: m.average_precision_score(y, p, average="weighted", **weighted),
        top2Count=lambda: m.top_k_accuracy_score(y, p, k=2, normalize=False, labels=labels, **weighted),
        reportOfTwo=lambda: m.classification_report(
            y, pred, labels=[2, 0], output_dict=True, zero_division=0, **weighted
        ),
    )
    for average in ("macro", "micro", "weighted"):
        kw = dict(average=average, sample_weight=w, zero_division=0)
        out[f"jaccard_{average}"] = m.jaccard_score(y, pred, **kw)
        out[f"fBeta_{average}"] = m.fbeta_score(y, pred, beta=0.5, **kw)
        out[f"f1OfTwo_{average}"] = m.f1_score(y, pred, labels=[2, 0], **kw)
        out[f"precisionOfAbsent_{average}"] = m.precision_score(
            y, pred, labels=[7, 0], average=average, sample_weight=w, zero_division=1
        )
    return out


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
                **more_regression(t, q, sw),
            },
        })
    write("regression", cases)


def more_regression(t, q, w):
    weighted = dict(sample_weight=w)
    positive, above = np.abs(t) + 0.25, np.abs(q) + 0.5
    out = given(
        r2Plain=lambda: m.r2_score(t, q, force_finite=False, **weighted),
        explainedVariance=lambda: m.explained_variance_score(t, q, **weighted),
        explainedVariancePlain=lambda: m.explained_variance_score(t, q, force_finite=False, **weighted),
        maxError=lambda: m.max_error(t, q),
        medianAbsoluteError=lambda: m.median_absolute_error(t, q, **weighted),
        meanSquaredLogError=lambda: m.mean_squared_log_error(positive, above, **weighted),
        rootMeanSquaredLogError=lambda: m.root_mean_squared_log_error(positive, above, **weighted),
        d2AbsoluteError=lambda: m.d2_absolute_error_score(t, q, **weighted),
    )
    for alpha in (0, 0.1, 0.5, 0.9, 1):
        out[f"meanPinballLoss_{alpha}"] = m.mean_pinball_loss(t, q, alpha=alpha, **weighted)
        out[f"d2Pinball_{alpha}"] = m.d2_pinball_score(t, q, alpha=alpha, **weighted)
    # Deviances of numbers that hardly differ are rounding, and so is what a constant target leaves.
    for power in (-1, 0, 1, 1.5, 2, 3) if np.abs(t).max() < 1e6 else ():
        out[f"meanTweedieDeviance_{power}"] = m.mean_tweedie_deviance(
            positive, above, power=power, **weighted
        )
        if len(set(t)) > 1:
            out[f"d2Tweedie_{power}"] = m.d2_tweedie_score(positive, above, power=power, **weighted)
    return out


def rankings():
    rng = np.random.default_rng(11)
    cases = []
    for name, rows, items, round_to, w in [
        ("plain", 12, 6, None, None),
        ("weighted", 12, 6, None, rng.random(12) * 2),
        ("ties", 12, 9, 2, None),
        ("all equal", 3, 4, 0, None),
    ]:
        gain = rng.integers(0, 5, (rows, items))
        gain[0] = 0
        score = rng.random((rows, items)) * 0.4
        score = score if round_to is None else np.round(score * 10 ** (round_to - 1)) / 10
        relevant = (gain > 2).astype(int)
        relevant[1] = 1
        kw = dict(sample_weight=w)
        cases.append({
            "name": name, "gain": gain, "relevant": relevant, "yScore": score, "sampleWeight": w,
            "expected": {
                "dcg": m.dcg_score(gain, score, **kw),
                "dcg3": m.dcg_score(gain, score, k=3, log_base=3, **kw),
                "dcgIgnoreTies": m.dcg_score(gain, score, ignore_ties=True, **kw) if round_to is None else None,
                "ndcg": m.ndcg_score(gain, score, **kw),
                "ndcg3": m.ndcg_score(gain, score, k=3, **kw),
                "labelRankingAveragePrecision": m.label_ranking_average_precision_score(relevant, score, **kw),
                "coverageError": m.coverage_error(relevant, score, **kw),
                "labelRankingLoss": m.label_ranking_loss(relevant, score, **kw),
            },
        })
    write("rankings", cases)


def clusterings():
    rng = np.random.default_rng(12)
    n = 80
    truth = rng.integers(0, 4, n)
    close = np.where(rng.random(n) < 0.8, truth * 3 + 1, rng.integers(0, 9, n))
    cases = []
    for name, t, p in [
        ("close", truth, close),
        ("the same", truth, 9 - truth),
        ("independent", truth, rng.integers(0, 6, n)),
        ("one cluster", truth, np.zeros(n, int)),
        ("one class", np.zeros(n, int), close),
        ("one of each", np.zeros(5, int), np.zeros(5, int)),
        ("every row a cluster", truth, np.arange(n)),
        ("every row a cluster of both", np.arange(7), np.arange(7)[::-1]),
        ("negative labels", truth - 2, close - 5),
    ]:
        out = {
            "contingencyMatrix": m.cluster.contingency_matrix(t, p),
            "pairConfusionMatrix": m.cluster.pair_confusion_matrix(t, p),
            "rand": m.rand_score(t, p),
            "adjustedRand": m.adjusted_rand_score(t, p),
            "fowlkesMallows": m.fowlkes_mallows_score(t, p),
            "mutualInfo": m.mutual_info_score(t, p),
            "homogeneity": m.homogeneity_score(t, p),
            "completeness": m.completeness_score(t, p),
            "vMeasure": m.v_measure_score(t, p),
            "vMeasure2": m.v_measure_score(t, p, beta=2),
        }
        for method in ("min", "geometric", "arithmetic", "max"):
            out[f"normalizedMutualInfo_{method}"] = m.normalized_mutual_info_score(t, p, average_method=method)
            out[f"adjustedMutualInfo_{method}"] = m.adjusted_mutual_info_score(t, p, average_method=method)
        cases.append({"name": name, "labelsTrue": t, "labelsPred": p, "expected": out})
    write("clusterings", cases)


def clusters():
    rng = np.random.default_rng(13)
    n, d = 60, 3
    labels = rng.integers(0, 4, n)
    x = np.round(rng.normal(size=(n, d)) + 3 * rng.normal(size=(4, d))[labels], 6)
    alone = labels.copy()
    alone[0] = 9
    doubled = np.vstack([x[:20], x[:20]])
    cases = []
    for name, x, labels in [
        ("four clusters", x, labels),
        ("one row alone", x, alone),
        ("rows twice", doubled, np.r_[labels[:20], labels[:20]]),
        ("points", np.repeat([[0.0, 0.0], [1.0, 2.0]], 3, axis=0), np.repeat([0, 1], 3)),
    ]:
        distances = m.pairwise_distances(x, metric="chebyshev")
        cases.append({
            "name": name, "x": x, "labels": labels, "distances": distances if len(x) < 50 else None,
            "expected": {
                "calinskiHarabasz": m.calinski_harabasz_score(x, labels),
                "daviesBouldin": m.davies_bouldin_score(x, labels),
                "silhouette": m.silhouette_score(x, labels),
                "silhouetteSamples": m.silhouette_samples(x, labels),
                "manhattan": m.silhouette_samples(x, labels, metric="manhattan"),
                "cosine": m.silhouette_samples(x, labels, metric="cosine") if d == 3 and len(x) > 10 else None,
                "precomputed": m.silhouette_samples(distances, labels, metric="precomputed"),
            },
        })
    write("clusters", cases)


binary()
multiclass()
regression()

def bootstraps():
    """scipy's intervals, with the resampled values they were made from."""
    rng = np.random.default_rng(14)
    n = 30
    y = rng.normal(size=n)
    pred = y + 0.6 * rng.normal(size=n)
    label = (rng.random(n) < 0.4).astype(int)
    guess = np.where(rng.random(n) < 0.9, label, 1 - label)
    cases = []
    for name, metric, truth, answer in [
        ("r2", m.r2_score, y, pred),
        ("meanAbsoluteError", m.mean_absolute_error, y, pred),
        ("accuracy", m.accuracy_score, label, guess),
    ]:
        for confidence in (0.9, 0.95):
            made = stats.bootstrap(
                (truth, answer), metric, paired=True, vectorized=False, n_resamples=400,
                confidence_level=confidence, method="percentile", rng=np.random.default_rng(15),
            )
            corrected = stats.bootstrap(
                (truth, answer), metric, paired=True, vectorized=False, n_resamples=0,
                confidence_level=confidence, method="BCa", bootstrap_result=made,
            )
            cases.append({
                "name": f"{name} {confidence}", "metric": name, "yTrue": truth, "yPred": answer,
                "confidence": confidence, "values": made.bootstrap_distribution,
                "expected": {
                    "percentile": list(made.confidence_interval),
                    "bca": list(corrected.confidence_interval),
                    "standardError": made.standard_error,
                },
            })
    write("bootstraps", cases)


class Answers:
    """What a model answers, fixed beforehand."""

    def __init__(self, predicted, probabilities=None, decision=None):
        self.predicted, self.probabilities, self.decision = predicted, probabilities, decision

    def fit(self, x, y=None):
        return self

    def predict(self, x):
        return self.predicted


class ClassifierAnswers(ClassifierMixin, Answers, BaseEstimator):
    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, x):
        return self.probabilities

    def decision_function(self, x):
        return self.decision


class RegressorAnswers(RegressorMixin, Answers, BaseEstimator):
    pass


class ClustererAnswers(ClusterMixin, Answers, BaseEstimator):
    pass


def scorers():
    rng = np.random.default_rng(16)
    n = 50
    two = rng.integers(0, 2, n)
    z = 2 * two - 1 + 1.5 * rng.normal(size=n)
    p = 1 / (1 + np.exp(-z))
    three = rng.integers(0, 3, n)
    q = softmax(rng.normal(size=(n, 3)) + np.eye(3)[three])
    y = rng.random(n) * 4 + 0.5
    cases = []
    for task, truth, model in [
        ("two classes", two, ClassifierAnswers((z > 0).astype(int), np.c_[1 - p, p], z)),
        ("three classes", three, ClassifierAnswers(q.argmax(axis=1), q, np.log(q))),
        ("numbers", y, RegressorAnswers(y * np.exp(0.3 * rng.normal(size=n)))),
        ("clusters", three, ClustererAnswers(np.where(rng.random(n) < 0.8, three + 5, 1))),
    ]:
        model.fit(np.zeros((n, 1)), truth)
        values = {}
        for name in m.get_scorer_names():
            scorer = m.get_scorer(name)
            is_class = isinstance(model, ClassifierMixin)
            is_number = scorer._score_func.__module__.endswith("_regression")
            is_cluster = scorer._score_func.__module__.endswith("_supervised")
            if (is_class, is_number, is_cluster) not in [(True, False, False)] and not (
                (task == "numbers" and is_number) or (task == "clusters" and is_cluster)
            ):
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    values[name] = scorer(model, np.zeros((n, 1)), truth)
            except (ValueError, TypeError):
                pass
        cases.append({
            "name": task, "yTrue": truth, "predict": model.predicted, "predictProba": model.probabilities,
            "decision": model.decision, "expected": {k: v for k, v in values.items() if v == v},
        })
    cases.append({"name": "names", "expected": sorted(m.get_scorer_names())})
    write("scorers", cases)


rankings()
clusterings()
clusters()
bootstraps()
scorers()
