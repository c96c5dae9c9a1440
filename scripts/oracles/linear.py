"""Oracle values of the linear models from scikit-learn: writes src/classic/linear/fixtures/*.json.

Run: python scripts/oracles/linear.py   (same bytes at every run)
"""
import csv
import json
import pathlib
import warnings

import numpy as np
import sklearn
from scipy import optimize
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
    TweedieRegressor,
    enet_path,
)
from sklearn.linear_model._huber import _huber_loss_and_gradient
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "src/classic/linear/fixtures"
rng = np.random.default_rng(29)


def write(name, **content):
    OUT.mkdir(parents=True, exist_ok=True)
    head = {"generator": "scripts/oracles/linear.py", "sklearn": sklearn.__version__}
    lines = ",\n".join(f"{json.dumps(key)}: " + one(value) for key, value in {**head, **content}.items())
    text = "{" + lines + "}\n"
    (OUT / f"{name}.json").write_text(text)
    print(f"{name}: {len(text) / 1024:.0f} kB")


def one(value):
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(compact(v) for v in value) + "\n]"
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(k)}: {compact(v)}" for k, v in value.items()) + "\n}"
    return compact(value)


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def numbers(values):
    return [int(v) if float(v) == int(v) and abs(v) < 1e15 else float(v) for v in np.asarray(values).ravel()]


def rounded(a, digits=6):
    return np.round(a, digits)


# Data: `x` rows, `labels` (classes from 0), `numbers` (targets), `weights`.
data = {}


def add(name, x, labels=None, numbers_=None, weights=True):
    x = np.asarray(x, float)
    data[name] = {
        "x": x,
        "labels": None if labels is None else np.asarray(labels, int),
        "numbers": None if numbers_ is None else np.asarray(numbers_, float),
        "weights": rounded(rng.random(len(x)) * 2, 3) if weights else None,
    }


def penguins():
    with open(ROOT / "examples/data/penguins.csv") as file:
        rows = [r for r in csv.DictReader(file)]
    columns = ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"]
    rows = [r for r in rows if all(r[c] not in ("", "NA") for c in columns)]
    x = np.array([[float(r[c]) for c in columns] for r in rows])
    species = sorted({r["species"] for r in rows})
    add("penguins", x[:, :3], [species.index(r["species"]) for r in rows], x[:, 3])


iris = load_iris()
add("iris", iris.data, iris.target, iris.data @ [1, -2, 3, 0.5] + rounded(rng.normal(size=150), 3))
wine = load_wine()
add("wine", wine.data, wine.target, wine.data[:, 12] / 100)
digits = load_digits()
add("digits", digits.data[:250], digits.target[:250], digits.target[:250])
penguins()


def generated(name, n, p, change=lambda x: x, classes=3):
    x = rounded(change(rounded(rng.normal(size=(n, p)) * np.linspace(0.5, 2, p))))
    z = (x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1)
    y = z @ rng.normal(size=p) + rng.normal(size=n) + 7
    scores = z @ rng.normal(size=(p, classes)) + rng.gumbel(size=(n, classes)) * 1.5
    add(name, x, scores.argmax(1), rounded(y))


def collinear(x):
    x[:, -1] = x[:, 0] + x[:, 1]
    return x


generated("tall", 60, 5)
generated("wide", 15, 30, classes=2)
generated("collinear", 50, 5, collinear)
generated("offset", 50, 4, lambda x: x + 1000, classes=2)
generated("binary", 70, 4, classes=2)
generated("one-hot", 80, 10, lambda x: np.eye(10)[rng.integers(0, 10, len(x))] * (rng.random((len(x), 1)) < 0.9))
generated("many", 30, 12)
data["many"]["x"][:, 3] = 2.5
tall = data["tall"]["x"]
add("scales", tall * [1e-6, 1, 1e6, 1e3, 1e-3], data["tall"]["labels"], data["tall"]["numbers"])
data["scales"]["x"] = np.array([[float(f"{v:.6g}") for v in row] for row in data["scales"]["x"]])
data["scales"]["weights"] = data["tall"]["weights"]
x = rounded(rng.normal(size=(80, 4)))
mean = np.exp(x @ [0.5, -0.3, 0.2, 0.0] + 0.6)
add("counts", x, None, rng.poisson(mean))
add("amounts", x, None, rounded(rng.gamma(2.0, mean / 2) + 0.01, 4))
outlying = rounded(x @ [2, -1, 0.5, 3] + 5 + rng.normal(size=80) * 0.5, 4)
outlying[::9] += rounded(rng.normal(size=len(outlying[::9])) * 40, 3)
add("outliers", x, None, outlying)


def parts(d, weighted):
    return d["x"], d["weights"] if weighted else None


def scaled(x):
    """For models that scikit-learn only solves well on like scales: the answer is turned back."""
    size = np.abs(x).max(0)
    return x / size, size


regression = []


def regress(name, model, d, params, weighted=False, coef=None, intercept=None, **extra):
    regression.append({
        "name": f"{type(model).__name__}: {d}, {name}", "estimator": type(model).__name__, "data": d,
        "params": params, "weighted": weighted,
        "coef": numbers(model.coef_ if coef is None else coef),
        "intercept": float(np.ravel(model.intercept_ if intercept is None else intercept)[0]),
        **extra,
    })


def least_squares():
    for d in ["tall", "iris", "wine", "offset", "penguins", "one-hot", "many", "collinear", "wide", "scales"]:
        for weighted in (False, True):
            if weighted and d in ("many", "one-hot", "digits"):
                continue
            for intercept in (True, False):
                if not intercept and (weighted or d not in ("tall", "wide", "collinear")):
                    continue
                x, w = parts(data[d], weighted)
                tol = 1e-12
                scale = np.ones(x.shape[1])
                if d == "scales":
                    x, scale = scaled(x)
                m = LinearRegression(fit_intercept=intercept, tol=tol).fit(x, data[d]["numbers"], sample_weight=w)
                regress(f"intercept {intercept}, weights {weighted}", m, d, {"fitIntercept": intercept}, weighted,
                        coef=m.coef_ / scale, rank=int(m.rank_))
    for d in ["tall", "iris"]:
        m = LinearRegression(positive=True).fit(data[d]["x"], data[d]["numbers"])
        regress("positive", m, d, {"positive": True})


def ridge():
    for d in ["tall", "wine", "offset", "one-hot", "collinear", "wide", "many", "digits", "penguins"]:
        for alpha, intercept, weighted in [(1, True, False), (0.01, True, True), (30, False, False)]:
            if d == "offset" and not intercept:
                continue
            x, w = parts(data[d], weighted)
            m = Ridge(alpha=alpha, fit_intercept=intercept, solver="svd").fit(x, data[d]["numbers"], sample_weight=w)
            regress(f"alpha {alpha}, intercept {intercept}, weights {weighted}", m, d,
                    {"alpha": alpha, "fitIntercept": intercept}, weighted)
    m = Ridge(alpha=2, positive=True, tol=1e-12, max_iter=100000).fit(data["tall"]["x"], data["tall"]["numbers"])
    regress("positive", m, "tall", {"alpha": 2, "positive": True})


def descent():
    tight = {"tol": 1e-14, "max_iter": 200000}
    for d, alphas in [("tall", (0.05, 0.5)), ("iris", (0.01, 0.2)), ("wine", (0.02, 0.5)), ("collinear", (0.1,)),
                      ("wide", (0.05, 0.3)), ("one-hot", (0.01,)), ("many", (0.02,)), ("digits", (0.05, 0.5))]:
        for alpha in alphas:
            for ratio, weighted, positive in [(1, False, False), (0.5, True, False), (0.5, False, True)]:
                x, w = parts(data[d], weighted)
                kind = Lasso if ratio == 1 else ElasticNet
                more = {} if ratio == 1 else {"l1_ratio": ratio}
                m = kind(alpha=alpha, positive=positive, **more, **tight).fit(x, data[d]["numbers"], sample_weight=w)
                params = {"alpha": alpha, "positive": positive, **({} if ratio == 1 else {"l1Ratio": ratio})}
                regress(f"alpha {alpha}, weights {weighted}, positive {positive}", m, d, params, weighted)
    m = Lasso(alpha=0.1, fit_intercept=False, **tight).fit(data["tall"]["x"], data["tall"]["numbers"])
    regress("no intercept", m, "tall", {"alpha": 0.1, "fitIntercept": False})


def paths():
    out = []
    for d, ratio, positive in [("tall", 1, False), ("wine", 0.7, False), ("wide", 1, False), ("iris", 0.5, True)]:
        x, y = data[d]["x"], data[d]["numbers"]
        alphas, coefs, _ = enet_path(x - x.mean(0), y - y.mean(), l1_ratio=ratio, positive=positive, alphas=12,
                                     tol=1e-14, max_iter=200000)
        out.append({"name": f"{d}, l1Ratio {ratio}, positive {positive}", "data": d, "l1Ratio": ratio,
                    "positive": positive, "alphas": numbers(alphas), "coefs": numbers(coefs.T)})
    return out


def generalised():
    tight = {"solver": "newton-cholesky", "tol": 1e-13, "max_iter": 10000}
    for kind, d in [(PoissonRegressor, "counts"), (GammaRegressor, "amounts")]:
        for alpha, intercept, weighted in [(1, True, False), (0.01, True, True), (0, True, False), (0.5, False, False)]:
            x, w = parts(data[d], weighted)
            m = kind(alpha=alpha, fit_intercept=intercept, **tight).fit(x, data[d]["numbers"], sample_weight=w)
            regress(f"alpha {alpha}, intercept {intercept}, weights {weighted}", m, d,
                    {"alpha": alpha, "fitIntercept": intercept}, weighted,
                    score=float(m.score(x, data[d]["numbers"])))
    for power, d, link in [(0, "tall", "auto"), (1.5, "counts", "auto"), (1.9, "amounts", "log"), (3, "amounts", "auto"),
                           (0, "amounts", "log")]:
        m = TweedieRegressor(power=power, alpha=0.1, link=link, **tight).fit(data[d]["x"], data[d]["numbers"])
        regress(f"power {power}", m, d, {"power": power, "alpha": 0.1, "link": link},
                score=float(m.score(data[d]["x"], data[d]["numbers"])))


def huber():
    for d, epsilon, alpha, intercept, weighted in [
        ("outliers", 1.35, 1e-4, True, False), ("outliers", 1.1, 0.5, True, True), ("outliers", 2.5, 1e-4, False, False),
        ("tall", 1.35, 0.1, True, False), ("penguins", 1.35, 1e-4, True, False),
    ]:
        x, w = parts(data[d], weighted)
        y = data[d]["numbers"]
        # In like units, so that scikit-learn's solver comes to the end; turned back by the same rules.
        size, unit = (x.std(0), y.std()) if d == "penguins" else (np.ones(x.shape[1]), 1.0)
        a = 0 if d == "penguins" else alpha
        m = HuberRegressor(epsilon=epsilon, alpha=a, fit_intercept=intercept, tol=1e-12, max_iter=200000)
        m.fit(x / size, y / unit, sample_weight=w)
        # Its solver stops by the objective's digits: on to where the gradient vanishes.
        start = np.concatenate([m.coef_, [m.intercept_] if intercept else [], [m.scale_]])
        weights = np.ones(len(x)) if w is None else w
        objective = lambda p: _huber_loss_and_gradient(p, x / size, y / unit, epsilon, a, weights)
        for _ in range(20):
            start = optimize.root(lambda p: objective(p)[1], start, tol=1e-14).x
        m.coef_, m.scale_ = start[: x.shape[1]], start[-1]
        m.intercept_ = start[-2] if intercept else 0.0
        regress(f"epsilon {epsilon}, intercept {intercept}, weights {weighted}", m, d,
                {"epsilon": epsilon, "alpha": a, "fitIntercept": intercept}, weighted,
                coef=m.coef_ * unit / size, intercept=m.intercept_ * unit, scale=float(m.scale_ * unit),
                outliers=int(m.outliers_.sum()))


classification = []


def classify(name, model, d, params, weighted=False, probabilities=True, coef=None, intercept=None, **extra):
    x = data[d]["x"]
    classification.append({
        "name": f"{type(model).__name__}: {d}, {name}", "estimator": type(model).__name__, "data": d,
        "params": params, "weighted": weighted,
        "coef": numbers(model.coef_ if coef is None else coef),
        "intercept": numbers(model.intercept_ if intercept is None else intercept),
        **({"probabilities": numbers(model.predict_proba(x[:6]))} if probabilities else {}),
        **extra,
    })


def logistic():
    tight = {"tol": 1e-13, "max_iter": 10000}
    for d, options in [
        ("binary", {}), ("binary", {"C": 0.05}), ("binary", {"C": np.inf}), ("binary", {"fit_intercept": False}),
        ("binary", {"class_weight": "balanced"}), ("binary", {"class_weight": {0: 3, 1: 0.5}}),
        ("iris", {}), ("iris", {"C": 20}), ("iris", {"fit_intercept": False}), ("iris", {"class_weight": "balanced"}),
        ("wine", {}), ("penguins", {}), ("digits", {"C": 0.01}), ("tall", {"C": np.inf}), ("one-hot", {}),
        ("wide", {}), ("many", {}), ("collinear", {}), ("scales", {}),
    ]:
        for weighted in (False, True):
            if weighted and (d in ("digits", "wide", "many", "scales") or options.get("C") == np.inf):
                continue
            x, w = parts(data[d], weighted)
            m = LogisticRegression(solver="newton-cholesky", **options, **tight)
            m.fit(x, data[d]["labels"], sample_weight=w)
            intercept = m.intercept_ - (m.intercept_.mean() if len(m.intercept_) > 1 else 0)
            coef = m.coef_ - (m.coef_.mean(0) if len(m.coef_) > 1 else 0)
            names = {"fit_intercept": "fitIntercept", "class_weight": "classWeight"}
            params = {names.get(k, k): "Infinity" if v == np.inf else v for k, v in options.items()}
            classify(f"{compact(params)}, weights {weighted}", m, d, params, weighted, coef=coef, intercept=intercept)
    for d, C, ratio, weighted in [("binary", 0.3, 1, False), ("binary", 0.3, 0.5, True), ("iris", 0.5, 1, False),
                                  ("tall", 0.2, 0.4, False), ("one-hot", 0.7, 1, False)]:
        x, w = parts(data[d], weighted)
        m = LogisticRegression(solver="saga", C=C, l1_ratio=ratio, tol=1e-11, max_iter=300000, random_state=0)
        m.fit(x, data[d]["labels"], sample_weight=w)
        intercept = m.intercept_ - (m.intercept_.mean() if len(m.intercept_) > 1 else 0)
        classify(f"C {C}, l1Ratio {ratio}, weights {weighted}", m, d, {"C": C, "l1Ratio": ratio, "solver": "saga"},
                 weighted, intercept=intercept)


def ridge_classifier():
    for d, options in [("binary", {}), ("iris", {"alpha": 0.1}), ("wine", {"class_weight": "balanced"}), ("digits", {})]:
        m = RidgeClassifier(solver="svd", **options).fit(data[d]["x"], data[d]["labels"])
        params = {"classWeight" if k == "class_weight" else k: v for k, v in options.items()}
        classify(compact(params), m, d, params, probabilities=False)


NAMES = {
    "fit_intercept": "fitIntercept", "learning_rate": "learningRate", "l1_ratio": "l1Ratio", "max_iter": "maxIter",
    "class_weight": "classWeight", "power_t": "powerT", "n_iter_no_change": "nIterNoChange",
}
VALUES = {
    "log_loss": "logLoss", "modified_huber": "modifiedHuber", "squared_hinge": "squaredHinge",
    "squared_error": "squaredError", "epsilon_insensitive": "epsilonInsensitive",
    "squared_epsilon_insensitive": "squaredEpsilonInsensitive",
}


def named(options):
    return {NAMES.get(k, k): VALUES.get(v, v) if isinstance(v, str) else v for k, v in options.items()}


def stochastic():
    """Without shuffling every step is determined."""
    plain = {"shuffle": False, "max_iter": 12, "tol": None}
    # Rates small enough that rounding does not grow.
    calm = {"alpha": 0.02}
    for options in [
        {}, {"loss": "log_loss"}, {"loss": "modified_huber", "penalty": "l1"},
        {"loss": "squared_hinge", "penalty": "elasticnet"}, {"loss": "perceptron", "penalty": None},
        {"loss": "log_loss", "learning_rate": "constant", "eta0": 0.05, "average": True},
        {"loss": "log_loss", "learning_rate": "invscaling", "eta0": 0.3, "average": 100},
        {"loss": "hinge", "learning_rate": "pa1", "eta0": 0.5, "penalty": None},
        {"loss": "squared_hinge", "learning_rate": "adaptive", "eta0": 0.01, "fit_intercept": False},
        {"loss": "hinge", "class_weight": {0: 2, 1: 1}},
    ]:
        for d, weighted in [("binary", False), ("iris", True)]:
            if d == "iris" and ("class_weight" in options or options.get("loss") == "modified_huber"):
                continue
            x, w = parts(data[d], weighted)
            m = SGDClassifier(**{**plain, **calm, **options}).fit(x, data[d]["labels"], sample_weight=w)
            params = named({**plain, **calm, **options})
            classify(compact(named(options)), m, d, params, weighted,
                     probabilities=options.get("loss") in ("log_loss", "modified_huber"))
    # With a tolerance: the epoch in which it ends counts too.
    for options in [{"loss": "log_loss", "tol": 1e-3}, {"loss": "hinge", "tol": 1e-2, "n_iter_no_change": 3}]:
        m = SGDClassifier(shuffle=False, **options).fit(data["binary"]["x"], data["binary"]["labels"])
        classify(compact(named(options)), m, "binary", named({"shuffle": False, **options}), probabilities=False,
                 nIter=int(m.n_iter_))
    for options in [
        {}, {"loss": "huber", "epsilon": 0.5}, {"loss": "epsilon_insensitive", "penalty": "l1", "alpha": 0.01},
        {"loss": "squared_epsilon_insensitive", "learning_rate": "constant", "eta0": 0.002},
        {"learning_rate": "pa2", "loss": "epsilon_insensitive", "eta0": 1, "penalty": None},
        {"penalty": "elasticnet", "alpha": 0.01, "average": True},
    ]:
        for weighted in (False, True):
            x, w = parts(data["tall"], weighted)
            m = SGDRegressor(**plain, **options).fit(x, data["tall"]["numbers"], sample_weight=w)
            averaged_l1 = options.get("penalty") == "elasticnet" and "average" in options
            if averaged_l1:
                continue
            regress(f"{compact(named(options))}, weights {weighted}", m, "tall", named({**plain, **options}), weighted)


def discriminants():
    out = []
    for d, options in [
        ("iris", {}), ("wine", {}), ("penguins", {}), ("digits", {}), ("binary", {}), ("tall", {"priors": [0.5, 0.3, 0.2]}),
        ("iris", {"solver": "lsqr"}), ("wine", {"solver": "lsqr", "shrinkage": "auto"}),
        ("wine", {"solver": "eigen", "shrinkage": 0.3}), ("iris", {"solver": "eigen"}),
        ("digits", {"solver": "eigen", "shrinkage": "auto"}), ("iris", {"n_components": 1}),
        ("wide", {"solver": "lsqr", "shrinkage": 0.5}), ("collinear", {}),
    ]:
        x, y = data[d]["x"], data[d]["labels"]
        m = LinearDiscriminantAnalysis(**options).fit(x, y)
        params = {"nComponents" if k == "n_components" else k: v for k, v in options.items()}
        case = {"name": f"{d}, {compact(params)}", "data": d, "params": params, "coef": numbers(m.coef_),
                "intercept": numbers(m.intercept_), "means": numbers(m.means_), "priors": numbers(m.priors_),
                "probabilities": numbers(m.predict_proba(x[:6])), "score": m.score(x, y)}
        if options.get("solver") != "lsqr":
            case["ratios"] = numbers(m.explained_variance_ratio_)
            case["transformed"] = numbers(m.transform(x[:6]))
        out.append(case)
    quadratic = []
    for d, options in [("iris", {}), ("penguins", {}), ("wine", {"reg_param": 0.1}), ("binary", {"priors": [0.7, 0.3]}),
                       ("iris", {"solver": "eigen", "shrinkage": "auto"}),
                       ("iris", {"solver": "eigen", "shrinkage": 0.4})]:
        x, y = data[d]["x"], data[d]["labels"]
        m = QuadraticDiscriminantAnalysis(**options).fit(x, y)
        params = {"regParam" if k == "reg_param" else k: v for k, v in options.items()}
        quadratic.append({"name": f"{d}, {compact(params)}", "data": d, "params": params, "means": numbers(m.means_),
                          "decisions": numbers(m.decision_function(x[:8])),
                          "probabilities": numbers(m.predict_proba(x[:8])), "score": m.score(x, y)})
    return out, quadratic


least_squares()
ridge()
descent()
generalised()
huber()
logistic()
ridge_classifier()
stochastic()
lda, qda = discriminants()
write("data", **{
    name: {
        "width": d["x"].shape[1], "x": numbers(d["x"]),
        "labels": None if d["labels"] is None else numbers(d["labels"]),
        "numbers": None if d["numbers"] is None else numbers(d["numbers"]),
        "weights": None if d["weights"] is None else numbers(d["weights"]),
    }
    for name, d in data.items()
})
write("regression", cases=regression, paths=paths())
write("classification", cases=classification)
write("discriminants", linear=lda, quadratic=qda)
