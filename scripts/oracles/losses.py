"""Values and gradients (with respect to yPred) of every loss by Keras 3 -> src/nn/fixtures/losses.json.

Keras divides a weighted mean by the number of losses, not by the sum of the weights; class weights
are sample weights looked up by the true class. `reduction: none` gradients are of the plain sum.
"""

import numpy as np
from keras_setup import VERSIONS, keras, leaf, torch
from common import array, flat, grid, number, write

rng = np.random.default_rng(7)
cases = []
# Keras 3.15 rounds some of its losses to float32 on the way, so each is written out here in PyTorch, per
# sample, and Keras must agree to float32's precision. `mean` is Keras's "sum_over_batch_size".
REDUCTIONS = {"mean": torch.mean, "sum": torch.sum, "none": lambda values: values}


EPSILON = 1e-7
log_softmax = torch.log_softmax


def smooth(t, amount, classes):
    return t * (1 - amount) + amount / classes


def signs(t):
    return 2 * t - 1 if bool(((t == 0) | (t == 1)).all()) else t


def probabilities(p):
    return (p / p.sum(-1, keepdim=True)).clip(EPSILON, 1 - EPSILON)


def huber(t, p, delta):
    e = (p - t).abs()
    return torch.where(e <= delta, e**2 / 2, delta * e - delta**2 / 2).mean(-1)


def binary(t, p, a):
    t = smooth(t, a.get("labelSmoothing", 0), 2)
    if a["fromLogits"]:
        return torch.nn.functional.binary_cross_entropy_with_logits(p, t, reduction="none").mean(-1)
    p = p.clip(EPSILON, 1 - EPSILON)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean(-1)


def categorical(t, p, a):
    t = smooth(t, a.get("labelSmoothing", 0), t.shape[-1])
    return -(t * (log_softmax(p, -1) if a["fromLogits"] else probabilities(p).log())).sum(-1)


def sparse(t, p, a):
    q = log_softmax(p, -1) if a["fromLogits"] else probabilities(p).log()
    return -q.gather(-1, t.long().unsqueeze(-1)).squeeze(-1)


def kl(t, p):
    t, p = t.clip(EPSILON, 1), p.clip(EPSILON, 1)
    return (t * (t / p).log()).sum(-1)


FORMULAS = {
    "meanSquaredError": lambda t, p, a: ((p - t) ** 2).mean(-1),
    "meanAbsoluteError": lambda t, p, a: (p - t).abs().mean(-1),
    "logCosh": lambda t, p, a: (torch.logaddexp(p - t, t - p) - np.log(2)).mean(-1),
    "huber": lambda t, p, a: huber(t, p, a.get("delta", 1.0)),
    "poisson": lambda t, p, a: (p - t * (p + EPSILON).log()).mean(-1),
    "hinge": lambda t, p, a: (1 - signs(t) * p).clamp(min=0).mean(-1),
    "squaredHinge": lambda t, p, a: ((1 - signs(t) * p).clamp(min=0) ** 2).mean(-1),
    "categoricalHinge": lambda t, p, a: (((1 - t) * p).max(-1).values - (t * p).sum(-1) + 1).clamp(min=0),
    "klDivergence": lambda t, p, a: kl(t, p),
    "binaryCrossentropy": binary,
    "categoricalCrossentropy": categorical,
    "sparseCategoricalCrossentropy": sparse,
}


def agree(what, ours, theirs):
    assert np.allclose(ours, theirs, rtol=2e-6, atol=2e-7), f"{what}: {ours} against Keras's {theirs}"


def case(loss, make, y_true, y_pred, attrs=None, sample_weight=None, class_weight=None, reductions=("mean", "sum", "none"), note=None):
    if class_weight is not None:
        labels = y_true.argmax(-1) if y_true.ndim == 2 and y_true.shape[-1] > 1 else y_true.reshape(-1).astype(int)
        weights = np.array([class_weight[int(label)] for label in labels])
    else:
        weights = sample_weight
    for name in reductions:
        target = torch.tensor(y_true)

        def reduced(values):
            values = values.reshape(np.shape(y_pred)[:-1]) if values.dim() else values
            return REDUCTIONS[name](values if weights is None else values * torch.tensor(weights))

        p = leaf(y_pred)
        result = reduced(FORMULAS[loss](target, p, attrs or {}))
        (gradient,) = torch.autograd.grad(result.sum(), p)
        q = leaf(y_pred)
        function = make(name)
        keras_result = function(target, q) if weights is None else function(target, q, sample_weight=torch.tensor(weights))
        agree(f"{loss} {attrs}", result.detach().numpy(), keras_result.detach().numpy())
        agree(f"{loss} {attrs} gradient", gradient.numpy(), torch.autograd.grad(keras_result.sum(), q)[0].numpy())
        entry = {"loss": loss, "attrs": attrs or {}, "reduction": name, "yTrue": array(y_true), "yPred": array(y_pred)}
        if sample_weight is not None:
            entry["sampleWeight"] = flat(sample_weight)
        if class_weight is not None:
            entry["classWeight"] = {str(k): v for k, v in class_weight.items()}
        entry["value"] = flat(result) if name == "none" else number(result.item())
        entry["gradient"] = flat(gradient)
        if note:
            entry["note"] = note
        cases.append(entry)


L = keras.losses
SHAPES = [(4, 3), (5, 1), (6,), (2, 3, 2)]
simple = {
    "meanSquaredError": L.MeanSquaredError, "meanAbsoluteError": L.MeanAbsoluteError, "logCosh": L.LogCosh,
    "huber": L.Huber, "poisson": L.Poisson,
    "hinge": L.Hinge, "squaredHinge": L.SquaredHinge, "categoricalHinge": L.CategoricalHinge,
    "klDivergence": L.KLDivergence,
}
for loss, cls in simple.items():
    for shape in SHAPES:
        if loss in ("categoricalHinge", "klDivergence") and shape == (5, 1):
            continue
        t, p = grid(rng, shape), grid(rng, shape) + 1 / 256
        if loss == "poisson":
            t, p = rng.integers(0, 5, shape).astype(float), grid(rng, shape, 0.25, 4)
        if loss in ("hinge", "squaredHinge"):
            t = rng.choice([-1.0, 1.0], shape)
        if loss == "categoricalHinge":
            t = np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])] if len(shape) > 1 else np.eye(shape[0])[2]
        if loss == "klDivergence":
            t, p = rng.dirichlet(np.ones(shape[-1]), shape[:-1]), rng.dirichlet(np.ones(shape[-1]), shape[:-1])
        case(loss, lambda r, cls=cls: cls(reduction=r), t, p)
    t, p = grid(rng, (4, 3)), grid(rng, (4, 3)) + 1 / 256
    if loss == "poisson":
        t, p = np.abs(t), np.abs(p) + 0.25
    elif loss in ("hinge", "squaredHinge"):
        t = np.where(t > 0, 1.0, -1.0)
    elif loss == "categoricalHinge":
        t = np.eye(3)[[0, 1, 2, 1]]
    elif loss == "klDivergence":
        t, p = rng.dirichlet(np.ones(3), 4), rng.dirichlet(np.ones(3), 4)
    case(loss, lambda r, cls=cls: cls(reduction=r), t, p, sample_weight=np.array([1.0, 0.5, 2.0, 0.0]))
for delta in [0.5, 1.0, 2.0]:
    case("huber", lambda r, d=delta: L.Huber(delta=d, reduction=r), grid(rng, (4, 3)), grid(rng, (4, 3)) + 1 / 256, {"delta": delta})
case("hinge", lambda r: L.Hinge(reduction=r), np.array([[0.0], [1.0], [1.0]]), np.array([[0.3], [0.4], [-2.0]]), note="labels 0/1 become -1/1")
case("squaredHinge", lambda r: L.SquaredHinge(reduction=r), np.array([[0.0], [1.0], [1.0]]), np.array([[0.3], [0.4], [-2.0]]), note="labels 0/1 become -1/1")

# ---- cross-entropies -------------------------------------------------------------------------
for from_logits in (True, False):
    for smoothing in (0.0, 0.1):
        attrs = {"fromLogits": from_logits, **({"labelSmoothing": smoothing} if smoothing else {})}
        make = lambda r, f=from_logits, s=smoothing: L.BinaryCrossentropy(from_logits=f, label_smoothing=s, reduction=r)
        for shape in [(5, 1), (4, 3), (6,)]:
            t = rng.integers(0, 2, shape).astype(float)
            p = grid(rng, shape) if from_logits else grid(rng, shape, 0.05, 0.95)
            case("binaryCrossentropy", make, t, p, attrs)
            if shape == (5, 1):
                case("binaryCrossentropy", make, t, p, attrs, sample_weight=np.array([1.0, 2.0, 0.0, 0.5, 3.0]))
                case("binaryCrossentropy", make, t, p, attrs, class_weight={0: 0.5, 1: 3.0})
        make = lambda r, f=from_logits, s=smoothing: L.CategoricalCrossentropy(from_logits=f, label_smoothing=s, reduction=r)
        for shape in [(4, 3), (2, 3, 5)]:
            t = np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]
            p = grid(rng, shape) if from_logits else rng.dirichlet(np.ones(shape[-1]) * 2, shape[:-1])
            case("categoricalCrossentropy", make, t, p, attrs)
            if shape == (4, 3):
                case("categoricalCrossentropy", make, t, p, attrs, sample_weight=np.array([1.0, 2.0, 0.0, 0.5]))
                case("categoricalCrossentropy", make, t, p, attrs, class_weight={0: 0.5, 1: 3.0, 2: 1.0})
    make = lambda r, f=from_logits: L.SparseCategoricalCrossentropy(from_logits=f, reduction=r)
    for shape in [(4, 3), (2, 3, 5), (7, 10), (1, 2)]:
        t = rng.integers(0, shape[-1], shape[:-1]).astype(np.int32)
        p = grid(rng, shape) if from_logits else rng.dirichlet(np.ones(shape[-1]) * 2, shape[:-1])
        case("sparseCategoricalCrossentropy", make, t, p, {"fromLogits": from_logits})
        if shape == (4, 3):
            case("sparseCategoricalCrossentropy", make, t, p, {"fromLogits": from_logits}, sample_weight=np.array([1.0, 2.0, 0.0, 0.5]))
            case("sparseCategoricalCrossentropy", make, t, p, {"fromLogits": from_logits}, class_weight={0: 0.5, 1: 3.0, 2: 1.0},
                 note="PyTorch's weight= divides by the sum of the weights instead")
# Extremes: no overflow from logits; probabilities clipped to [1e-7, 1 - 1e-7].
big = np.array([[1000.0], [-1000.0], [50.0]])
case("binaryCrossentropy", lambda r: L.BinaryCrossentropy(from_logits=True, reduction=r), np.array([[1.0], [1.0], [0.0]]), big, {"fromLogits": True}, note="large logits")
case("binaryCrossentropy", lambda r: L.BinaryCrossentropy(reduction=r), np.array([[1.0], [1.0], [0.0]]), np.array([[1.0], [0.0], [1.0]]), {"fromLogits": False}, note="clipped to [1e-7, 1 - 1e-7]")
case("categoricalCrossentropy", lambda r: L.CategoricalCrossentropy(reduction=r), np.eye(3)[[0, 1]], np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]), {"fromLogits": False}, note="clipped")
case("categoricalCrossentropy", lambda r: L.CategoricalCrossentropy(reduction=r), np.eye(3)[[0, 1]], np.array([[2.0, 1.0, 1.0], [0.5, 0.25, 0.5]]), {"fromLogits": False}, note="rows are divided by their sum")
case("sparseCategoricalCrossentropy", lambda r: L.SparseCategoricalCrossentropy(reduction=r), np.array([0, 1], np.int32), np.array([[2.0, 1.0, 1.0], [0.5, 0.25, 0.5]]), {"fromLogits": False}, note="rows are divided by their sum")
case("sparseCategoricalCrossentropy", lambda r: L.SparseCategoricalCrossentropy(from_logits=True, reduction=r), np.array([1, 0], np.int32), np.array([[1000.0, -1000.0], [1000.0, -1000.0]]), {"fromLogits": True}, note="large logits")

write("src/nn/fixtures/losses.json", "losses.py", VERSIONS, cases)
