"""Layers of pictures and sequences by PyTorch in float64 -> src/nn/fixtures/picture-layers.json, as layers.py writes them.

Inputs are [batch, height, width, channels] (or [batch, steps, channels]) unless an attribute says channelsFirst.
Sequences go through the two-dimensional functions as pictures of one row.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from common import array, flat, grid, write

torch.set_num_threads(1)
rng = np.random.default_rng(20241104)
cases = []
X = lambda *shape: grid(rng, shape, -2, 2, 8)
pair = lambda v: [v, v] if isinstance(v, int) else list(v)


def case(layer, attrs, x, weights, function):
    """`function` takes and gives [batch, channels, height, width]; layouts and ranks are dealt with here."""
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in weights.items()}
    t = torch.tensor(x, requires_grad=True)
    one_row, front = x.ndim == 3, attrs.get("dataFormat") == "channelsFirst"
    p = t if front else t.movedim(-1, 1)
    y = function(p.unsqueeze(2) if one_row else p, leaves)
    y = y.squeeze(2) if one_row and y.ndim == 4 else y
    y = (y if front or y.ndim == 2 else y.movedim(1, -1)).contiguous()
    upstream = torch.tensor(grid(rng, tuple(y.shape), -2, 2, 16))
    grads = torch.autograd.grad((y * upstream).sum(), [t, *leaves.values()])
    cases.append({"layer": layer, "attrs": attrs, "input": array(x), "weights": {k: array(v) for k, v in weights.items()},
                  "output": array(y), "upstream": flat(upstream), "inputGradient": flat(grads[0]),
                  "gradients": {k: flat(g) for k, g in zip(leaves, grads[1:])}})


def spread(v, rank):
    return [1, v] if rank == 1 else pair(v)


def around(padding, plane, window, strides, dilation):
    if padding == "valid":
        return [(0, 0), (0, 0)]
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]
    if padding == "causal":
        return [(0, 0), (reach[1] - 1, 0)]
    totals = [max((-(-n // s) - 1) * s + r - n, 0) for n, s, r in zip(plane, strides, reach)]
    return [(t // 2, t - t // 2) for t in totals]


def padded(x, edges, value=0.0):
    (t, b), (l, r) = edges
    return F.pad(x, (l, r, t, b), value=value)


ACT = {None: lambda y: y, "relu": torch.relu, "tanh": torch.tanh}


def geometry(rank, attrs):
    return [spread(attrs[k] if k == "kernelSize" else attrs.get(k, 1), rank) for k in ("kernelSize", "strides", "dilationRate")]


def filter_of(rank, kernel):
    """Keras's kernel as PyTorch's [outputs, inputs, height, width]."""
    return (kernel.unsqueeze(0) if rank == 1 else kernel).permute(3, 2, 0, 1)


def finish(y, w, attrs):
    if "bias" in w:
        y = y + w["bias"].view(1, -1, 1, 1)
    return ACT[attrs.get("activation")](y)


def channels_of(shape, attrs):
    return shape[1] if attrs.get("dataFormat") == "channelsFirst" else shape[-1]


def conv(rank, shape, **attrs):
    window, strides, dilation = geometry(rank, attrs)
    groups, channels = attrs.get("groups", 1), channels_of(shape, attrs)
    kernel = X(*window[2 - rank:], channels // groups, attrs["filters"])

    def f(x, w):
        edges = around(attrs.get("padding", "valid"), x.shape[2:], window, strides, dilation)
        y = F.conv2d(padded(x, edges), filter_of(rank, w["kernel"]), stride=strides, dilation=dilation, groups=groups)
        return finish(y, w, attrs)

    bias = {} if attrs.get("useBias") is False else {"bias": X(attrs["filters"])}
    case(f"conv{rank}d", attrs, X(*shape), {"kernel": kernel, **bias}, f)


conv(2, (2, 5, 6, 3), filters=4, kernelSize=3)
conv(2, (2, 5, 6, 3), filters=4, kernelSize=[3, 2], padding="same", activation="relu", strides=2)
conv(2, (2, 3, 6, 5), filters=4, kernelSize=3, padding="same", dataFormat="channelsFirst", activation="tanh")
conv(2, (1, 8, 8, 4), filters=6, kernelSize=3, groups=2, dilationRate=[2, 1], useBias=False)
conv(2, (2, 4, 4, 3), filters=5, kernelSize=1, activation="relu")
conv(1, (2, 9, 3), filters=4, kernelSize=3)
conv(1, (2, 9, 3), filters=4, kernelSize=4, padding="causal", dilationRate=2, activation="relu")
conv(1, (2, 9, 4), filters=6, kernelSize=3, padding="same", strides=2, groups=2)
conv(1, (2, 4, 9), filters=2, kernelSize=3, dataFormat="channelsFirst")


def depthwise(rank, shape, separable=False, **attrs):
    window, strides, dilation = geometry(rank, attrs)
    channels, many = channels_of(shape, attrs), attrs.get("depthMultiplier", 1)
    kernel = X(*window[2 - rank:], channels, many)
    name = "depthwiseKernel" if separable else "kernel"

    def f(x, w):
        edges = around(attrs.get("padding", "valid"), x.shape[2:], window, strides, dilation)
        k = w[name].reshape(*window, 1, channels * many).permute(3, 2, 0, 1)
        y = F.conv2d(padded(x, edges), k, stride=strides, dilation=dilation, groups=channels)
        if separable:
            y = F.conv2d(y, filter_of(rank, w["pointwiseKernel"]))
        return finish(y, w, attrs)

    outputs = attrs["filters"] if separable else channels * many
    weights = {name: kernel}
    if separable:
        weights["pointwiseKernel"] = X(*[1] * rank, channels * many, outputs)
    case(f"separableConv{rank}d" if separable else f"depthwiseConv{rank}d", attrs, X(*shape), {**weights, "bias": X(outputs)}, f)


depthwise(2, (2, 6, 6, 5), kernelSize=3)
depthwise(2, (2, 6, 7, 3), kernelSize=[2, 3], padding="same", strides=2, depthMultiplier=2, activation="relu")
depthwise(2, (2, 4, 6, 6), kernelSize=3, dataFormat="channelsFirst", dilationRate=2)
depthwise(1, (2, 8, 3), kernelSize=3, padding="same", depthMultiplier=2)
depthwise(2, (2, 6, 6, 4), separable=True, filters=5, kernelSize=3, padding="same", activation="relu")
depthwise(2, (2, 6, 6, 3), separable=True, filters=4, kernelSize=3, strides=2, depthMultiplier=2)
depthwise(1, (2, 9, 4), separable=True, filters=3, kernelSize=3, padding="causal", dilationRate=2)


def transposed(rank, shape, **attrs):
    """Keras's rules for the size; everything the windows reach is then cut, half before and half (or one more) after."""
    window, strides, dilation = geometry(rank, attrs)
    channels, extra = channels_of(shape, attrs), attrs.get("outputPadding")
    extra = None if extra is None else ([0, extra] if rank == 1 else pair(extra))
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]

    def size(n, axis):
        s, r = strides[axis], reach[axis]
        if attrs.get("padding", "valid") == "valid":
            return (n - 1) * s + r + (max(r, s) - r if extra is None else extra[axis])
        return n * s if extra is None else (n - 1) * s + r % 2 + extra[axis]

    def f(x, w):
        k = (w["kernel"].unsqueeze(0) if rank == 1 else w["kernel"]).permute(3, 2, 0, 1)
        y = F.conv_transpose2d(x, k, stride=strides, dilation=dilation)
        wanted = [size(n, i) for i, n in enumerate(x.shape[2:])]
        y = F.pad(y, (0, max(0, wanted[1] - y.shape[3]), 0, max(0, wanted[0] - y.shape[2])))
        t, l = [(n - m) // 2 for n, m in zip(y.shape[2:], wanted)]
        return finish(y[:, :, t:t + wanted[0], l:l + wanted[1]], w, attrs)

    kernel = X(*window[2 - rank:], attrs["filters"], channels)
    case(f"conv{rank}dTranspose", attrs, X(*shape), {"kernel": kernel, "bias": X(attrs["filters"])}, f)


transposed(2, (2, 3, 4, 3), filters=2, kernelSize=3)
transposed(2, (2, 3, 4, 3), filters=4, kernelSize=4, strides=2, padding="same", activation="relu")
transposed(2, (2, 3, 3, 2), filters=3, kernelSize=3, strides=2, padding="same", outputPadding=1)
transposed(2, (2, 3, 3, 2), filters=3, kernelSize=[2, 3], strides=[3, 2], outputPadding=[2, 1])
transposed(2, (1, 2, 3, 4), filters=2, kernelSize=2, strides=3, dataFormat="channelsFirst")
transposed(2, (1, 4, 4, 2), filters=2, kernelSize=3, dilationRate=2, padding="same")
transposed(1, (2, 5, 3), filters=2, kernelSize=4, strides=2, padding="same")
transposed(1, (2, 5, 3), filters=2, kernelSize=3, strides=2, outputPadding=0)


def pooling(kind, rank, shape, **attrs):
    window = spread(attrs.get("poolSize", 2), rank)
    strides = window if attrs.get("strides") is None else spread(attrs["strides"], rank)

    def f(x, w):
        edges = around(attrs.get("padding", "valid"), x.shape[2:], window, strides, [1, 1])
        if kind == "max":
            return F.max_pool2d(padded(x, edges, -math.inf), window, strides)
        count = F.avg_pool2d(padded(torch.ones_like(x), edges), window, strides)
        return F.avg_pool2d(padded(x, edges), window, strides) / count

    case(f"{kind}Pooling{rank}d", attrs, X(*shape), {}, f)


for kind in ("max", "average"):
    pooling(kind, 2, (2, 4, 6, 3))
    pooling(kind, 2, (2, 5, 5, 3), poolSize=3, strides=2, padding="same")
    pooling(kind, 2, (2, 3, 6, 5), poolSize=[2, 3], strides=[1, 2], dataFormat="channelsFirst")
    pooling(kind, 1, (2, 9, 3), poolSize=3, strides=2)
    pooling(kind, 1, (2, 9, 3), padding="same")
    whole = (lambda x, d, k: x.amax(d, keepdim=k)) if kind == "max" else (lambda x, d, k: x.mean(d, keepdim=k))
    for rank, shape in [(1, (2, 5, 3)), (2, (2, 4, 3, 5))]:
        for attrs in [{}, {"keepDims": True}, {"dataFormat": "channelsFirst"}]:
            f = lambda x, w, k=attrs.get("keepDims", False): whole(x, (2, 3), k)
            case(f"global{kind.capitalize()}Pooling{rank}d", attrs, X(*shape), {}, f)
    adaptive = F.adaptive_max_pool2d if kind == "max" else F.adaptive_avg_pool2d
    for shape, attrs in [((2, 6, 4, 3), {"outputSize": 2}), ((2, 7, 5, 3), {"outputSize": [3, 2]}), ((1, 2, 5, 6), {"outputSize": [5, 4], "dataFormat": "channelsFirst"})]:
        case(f"adaptive{kind.capitalize()}Pooling2d", attrs, X(*shape), {}, lambda x, w, a=attrs: adaptive(x, pair(a["outputSize"])))

case("upSampling1d", {"size": 3}, X(2, 4, 3), {}, lambda x, w: x.repeat_interleave(3, 3))
for attrs in [{}, {"size": [3, 2]}, {"size": 2, "dataFormat": "channelsFirst"}]:
    size = pair(attrs.get("size", 2))
    case("upSampling2d", attrs, X(2, 3, 4, 2), {}, lambda x, w, s=size: F.interpolate(x, scale_factor=tuple(map(float, s)), mode="nearest"))
    case("upSampling2d", {**attrs, "interpolation": "bilinear"}, X(2, 3, 4, 2), {},
         lambda x, w, s=size: F.interpolate(x, scale_factor=tuple(map(float, s)), mode="bilinear", align_corners=False))
case("upSampling2d", {"size": [4, 1], "interpolation": "bilinear"}, X(1, 1, 2, 1), {},
     lambda x, w: F.interpolate(x, scale_factor=(4.0, 1.0), mode="bilinear", align_corners=False))

for attrs in [{}, {"padding": 2}, {"padding": [1, 2]}, {"padding": [[1, 0], [2, 3]]}, {"padding": [[0, 1], [2, 0]], "dataFormat": "channelsFirst"}]:
    e = attrs.get("padding", 1)
    e = [[e, e], [e, e]] if isinstance(e, int) else [pair(v) for v in e]
    case("zeroPadding2d", attrs, X(2, 3, 4, 2), {}, lambda x, w, e=e: padded(x, e))
case("zeroPadding1d", {}, X(2, 3, 2), {}, lambda x, w: F.pad(x, (1, 1)))
case("zeroPadding1d", {"padding": [2, 0]}, X(2, 3, 2), {}, lambda x, w: F.pad(x, (2, 0)))
case("cropping1d", {}, X(2, 5, 2), {}, lambda x, w: x[..., 1:-1])
case("cropping1d", {"cropping": [2, 0]}, X(2, 5, 2), {}, lambda x, w: x[..., 2:])
case("cropping2d", {"cropping": [1, 2]}, X(2, 5, 6, 2), {}, lambda x, w: x[:, :, 1:-1, 2:-2])
case("cropping2d", {"cropping": [[1, 0], [0, 2]], "dataFormat": "channelsFirst"}, X(2, 2, 5, 6), {}, lambda x, w: x[:, :, 1:, :-2])

for kind, adaptive in [("Max", F.adaptive_max_pool2d), ("Average", F.adaptive_avg_pool2d)]:
    for shape, attrs in [((2, 6, 3), {"outputSize": 3}), ((2, 7, 3), {"outputSize": 4}), ((1, 3, 2), {"outputSize": 5}), ((2, 3, 7), {"outputSize": 2, "dataFormat": "channelsFirst"})]:
        case(f"adaptive{kind}Pooling1d", attrs, X(*shape), {}, lambda x, w, a=attrs: adaptive(x, (1, a["outputSize"])))
    case(f"adaptive{kind}Pooling2d", {"outputSize": [4, 5]}, X(2, 3, 4, 2), {}, lambda x, w: adaptive(x, (4, 5)))

write("src/nn/fixtures/picture-layers.json", "picture-layers.py", {"torch": torch.__version__, "numpy": np.__version__}, cases)
