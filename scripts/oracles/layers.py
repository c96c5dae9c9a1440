"""Dense, normalisations and embedding with gradients, and the initialisers' rules -> src/nn/fixtures/{layers,initializers}.json.

Layers are written out in PyTorch float64 and checked against Keras 3's own layer (float32's precision).
"""

import math

import numpy as np
from keras_setup import VERSIONS, keras, leaf, torch
from common import array, flat, grid, number, write

rng = np.random.default_rng(5)
K = keras.layers
cases = []


def agree(name, ours, theirs):
    a, b = ours.detach().numpy(), theirs.detach().numpy()
    assert np.allclose(a, b, rtol=1e-5, atol=1e-6), f"{name}: {np.abs(a - b).max()}"


def case(layer, attrs, x, weights, function, keras_layer, note=None):
    """weights: {name: values} in Keras's order."""
    leaves = {k: leaf(v) for k, v in weights.items()}
    t = leaf(x) if x.dtype == np.float64 else torch.tensor(x)
    y = function(t, leaves)
    upstream = torch.tensor(grid(rng, tuple(y.shape), -2, 2, 16))
    wanted = [v for v in [t, *leaves.values()] if v.requires_grad]
    grads = torch.autograd.grad((y * upstream).sum(), wanted)
    if x.dtype != np.float64:
        grads = (None, *grads)
    keras_layer.build(x.shape)
    keras_layer.set_weights([np.array(v) for v in weights.values()])
    agree(layer, y, keras_layer(torch.tensor(x)))
    cases.append({"layer": layer, "attrs": attrs, "input": array(x), "weights": {k: array(v) for k, v in weights.items()},
                  "output": array(y), "upstream": flat(upstream), "inputGradient": None if grads[0] is None else flat(grads[0]),
                  "gradients": {k: flat(g) for k, g in zip(leaves, grads[1:])}, **({"note": note} if note else {})})


X = lambda *shape: grid(rng, shape, -2, 2, 32)
ACT = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softmax": lambda t: torch.softmax(t, -1)}
for shape, units in [((4, 3), 2), ((1, 1), 1), ((5, 7), 11), ((2, 3, 4), 5)]:
    for activation in [None, "relu"] if shape != (5, 7) else [None, *ACT]:
        f = ACT.get(activation, lambda t: t)
        attrs = {"units": units, **({"activation": activation} if activation else {})}
        case("dense", attrs, X(*shape) + 1 / 128, {"kernel": X(shape[-1], units), "bias": X(units)},
             lambda t, w, f=f: f(t @ w["kernel"] + w["bias"]), K.Dense(units, activation=activation))
case("dense", {"units": 3, "useBias": False}, X(4, 2), {"kernel": X(2, 3)}, lambda t, w: t @ w["kernel"], K.Dense(3, use_bias=False))

for shape in [(4, 6), (2, 3, 5), (3, 1)]:
    n = shape[-1]
    def norm(t, w):
        m = t.mean(-1, keepdim=True); v = t.var(-1, keepdim=True, correction=0)
        y = (t - m) / torch.sqrt(v + 1e-3)
        return y * w.get("gamma", 1) + w.get("beta", 0)
    case("layerNormalization", {"epsilon": 1e-3}, X(*shape), {"gamma": X(n), "beta": X(n)}, norm, K.LayerNormalization(),
         "Keras's epsilon 1e-3; PyTorch's is 1e-5")
    case("layerNormalization", {"epsilon": 1e-3, "center": False, "scale": False}, X(*shape), {}, norm, K.LayerNormalization(center=False, scale=False))

for x, rows, width in [(np.array([0, 3, 3, 1], np.int32), 5, 3), (np.array([[2, 2], [0, 1], [2, 4]], np.int32), 5, 2)]:
    case("embedding", {"inputDim": rows, "outputDim": width}, x, {"embeddings": X(rows, width)}, lambda t, w: w["embeddings"][t.long()], K.Embedding(rows, width))

# ---- batch normalisation: three training steps with running statistics, then inference -------
sequences = []
for shape, momentum, epsilon in [((8, 3), 0.99, 1e-3), ((4, 2, 3), 0.9, 1e-5)]:
    n = shape[-1]
    gamma, beta = X(n) + 1, X(n)
    mean, variance = np.zeros(n), np.ones(n)
    layer = K.BatchNormalization(momentum=momentum, epsilon=epsilon)
    layer.build(shape)
    layer.set_weights([gamma, beta, mean, variance])
    steps = []
    axes = tuple(range(len(shape) - 1))
    for training in (True, True, True, False):
        x = X(*shape) + 0.5
        t, g, b = leaf(x), leaf(gamma), leaf(beta)
        if training:
            m, v = t.mean(axes), t.var(axes, correction=0)
            mean = mean * momentum + m.detach().numpy() * (1 - momentum)
            variance = variance * momentum + v.detach().numpy() * (1 - momentum)
        else:
            m, v = torch.tensor(mean), torch.tensor(variance)
        y = (t - m) / torch.sqrt(v + epsilon) * g + b
        upstream = torch.tensor(grid(rng, shape, -2, 2, 16))
        grads = torch.autograd.grad((y * upstream).sum(), [t, g, b])
        agree("batchNormalization", y, layer(torch.tensor(x), training=training))
        agree("moving mean", torch.tensor(mean), layer.moving_mean.value)
        agree("moving variance", torch.tensor(variance), layer.moving_variance.value)
        steps.append({"training": training, "input": array(x), "output": flat(y), "upstream": flat(upstream), "inputGradient": flat(grads[0]),
                      "gradients": {"gamma": flat(grads[1]), "beta": flat(grads[2])}, "movingMean": flat(mean), "movingVariance": flat(variance)})
    sequences.append({"layer": "batchNormalization", "attrs": {"momentum": momentum, "epsilon": epsilon}, "weights": {"gamma": array(gamma), "beta": array(beta)},
                      "steps": steps, "note": "biased variance also in the moving average (Keras); PyTorch's moving variance is unbiased and its momentum is 1 - Keras's"})
write("src/nn/fixtures/layers.json", "layers.py", VERSIONS, cases, sequences=sequences)

# ---- initialisers: the rule, and statistics of a large draw ----------------------------------
I = keras.initializers
rules = []
shape = (400, 300)
fan_in, fan_out = shape
TRUNCATED = 0.87962566103423978  # standard deviation of a normal cut at two


def rule(name, initializer, attrs, distribution, **expected):
    draw = np.asarray(initializer(shape, dtype="float32").cpu(), np.float64)
    entry = {"initializer": name, "attrs": attrs, "shape": list(shape), "fanIn": fan_in, "fanOut": fan_out, "distribution": distribution,
             **{k: number(v) for k, v in expected.items()},
             "keras": {"mean": number(draw.mean()), "standardDeviation": number(draw.std()), "min": number(draw.min()), "max": number(draw.max())}}
    deviation = expected["standardDeviation"]
    assert abs(draw.std() / deviation - 1) < 0.02 if deviation else draw.std() == 0, (name, draw.std(), deviation)
    rules.append(entry)


def scaled(name, cls, scale, fan, normal):
    if normal:
        deviation = math.sqrt(scale / fan)
        rule(name, cls(seed=1), {}, "truncatedNormal", standardDeviation=deviation, limit=2 * deviation / TRUNCATED, untruncatedDeviation=deviation / TRUNCATED)
    else:
        limit = math.sqrt(3 * scale / fan)
        rule(name, cls(seed=1), {}, "uniform", standardDeviation=limit / math.sqrt(3), limit=limit)


scaled("glorotUniform", I.GlorotUniform, 1, (fan_in + fan_out) / 2, False)
scaled("glorotNormal", I.GlorotNormal, 1, (fan_in + fan_out) / 2, True)
scaled("heUniform", I.HeUniform, 2, fan_in, False)
scaled("heNormal", I.HeNormal, 2, fan_in, True)
scaled("lecunUniform", I.LecunUniform, 1, fan_in, False)
scaled("lecunNormal", I.LecunNormal, 1, fan_in, True)
rule("randomNormal", I.RandomNormal(seed=1), {}, "normal", standardDeviation=0.05)
rule("randomNormal", I.RandomNormal(1.0, 2.0, seed=1), {"mean": 1, "stddev": 2}, "normal", standardDeviation=2)
rule("randomUniform", I.RandomUniform(seed=1), {}, "uniform", standardDeviation=0.05 / math.sqrt(3), limit=0.05)
rule("randomUniform", I.RandomUniform(-1, 3, seed=1), {"minval": -1, "maxval": 3}, "uniform", standardDeviation=4 / math.sqrt(12))
rule("truncatedNormal", I.TruncatedNormal(seed=1), {}, "truncatedNormal", standardDeviation=0.05 * TRUNCATED, limit=0.1)
rule("zeros", I.Zeros(), {}, "constant", standardDeviation=0, value=0)
rule("ones", I.Ones(), {}, "constant", standardDeviation=0, value=1)
write("src/nn/fixtures/initializers.json", "layers.py", VERSIONS, rules)
