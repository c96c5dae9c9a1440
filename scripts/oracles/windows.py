"""Convolutions and pooling by PyTorch in float64 -> src/graph/fixtures/windows.json, in the format of ops.py.

Pictures are [batch, height, width, channels] and filters [height, width, inputs / groups, outputs], so PyTorch's
operands and results are permuted. Gradients are those of sum(output * upstream).
"""

import numpy as np
import torch
import torch.nn.functional as F
from common import array, flat, grid, write

torch.set_num_threads(1)
rng = np.random.default_rng(20241103)
cases = []
first = lambda x: x.permute(0, 3, 1, 2)
last = lambda y: y.permute(0, 2, 3, 1)


def case(op, function, inputs, attrs):
    tensors = [torch.tensor(v, requires_grad=True) for v in inputs]
    result = function(*tensors).contiguous()
    upstream = torch.tensor(grid(rng, tuple(result.shape), -2, 2, 16))
    grads = torch.autograd.grad((result * upstream).sum(), tensors)
    cases.append({"op": op, "attrs": attrs, "inputs": [array(v) for v in inputs], "output": array(result),
                  "upstream": flat(upstream), "gradients": [flat(g) for g in grads]})


def same(size, window, stride, dilation):
    total = max((-(-size // stride) - 1) * stride + (window - 1) * dilation + 1 - size, 0)
    return [total // 2, total - total // 2]


def paddings(padding, plane, window, strides, dilation):
    if padding == "valid":
        return [[0, 0], [0, 0]]
    if padding == "same":
        return [same(*a) for a in zip(plane, window, strides, dilation)]
    return padding


def pad(x, padding, value=0.0):
    (t, b), (l, r) = padding
    return F.pad(x, (l, r, t, b), value=value)


pair = lambda v: [v, v] if isinstance(v, int) else v
X = lambda *shape: grid(rng, shape, -2, 2, 8)


def convolution(shape, window, outputs, strides=1, padding="valid", dilation=1, groups=1):
    attrs = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    s, d = pair(strides), pair(dilation)
    p = paddings(padding, shape[1:3], window, s, d)
    f = lambda x, w: last(F.conv2d(pad(first(x), p), w.permute(3, 2, 0, 1), stride=s, dilation=d, groups=groups))
    case("convolution", f, [X(*shape), X(*window, shape[3] // groups, outputs)], attrs)


convolution((2, 5, 6, 3), [3, 3], 4)
convolution((2, 5, 6, 3), [3, 2], 4, padding="same")
convolution((1, 7, 8, 2), [3, 3], 5, strides=2, padding="same")
convolution((2, 8, 7, 4), [2, 4], 3, strides=[3, 2], padding=[[1, 0], [2, 3]])
convolution((2, 9, 9, 2), [3, 3], 2, dilation=2, padding="same")
convolution((1, 9, 10, 2), [2, 3], 3, dilation=[3, 2], strides=2)
convolution((2, 6, 6, 4), [3, 3], 6, groups=2)
convolution((2, 6, 5, 3), [3, 3], 3, groups=3, padding="same")
convolution((2, 6, 5, 17), [3, 2], 17, groups=17, strides=2, dilation=[1, 2], padding="same")
convolution((1, 6, 6, 2), [3, 3], 4, groups=2, strides=2)
convolution((3, 4, 5, 6), [1, 1], 5)
convolution((2, 5, 5, 3), [1, 1], 2, strides=2)
convolution((2, 2, 3, 2), [5, 5], 3, padding=[[2, 2], [3, 1]])
convolution((2, 3, 3, 2), [3, 3], 4)
convolution((1, 6, 6, 1), [2, 2], 1, strides=4)
convolution((2, 1, 9, 3), [1, 4], 2, padding=[[0, 0], [3, 0]])
convolution((1, 8, 8, 20), [3, 3], 18, padding="same")


def transposed(shape, window, outputs, strides=1, padding="valid", dilation=1, groups=1):
    """Inputs [b, h, w, shape[3]] -> outputs; the filter is [h, w, outputs / groups, shape[3]]."""
    attrs = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    s, d = pair(strides), pair(dilation)
    reach = [(k - 1) * e + 1 for k, e in zip(window, d)]
    size = [n * t if padding == "same" else n * t + max(r - t, 0) for n, t, r in zip(shape[1:3], s, reach)]
    p = paddings(padding, size, window, s, d)

    def f(x, w):
        y = F.conv_transpose2d(first(x), w.permute(3, 2, 0, 1), stride=s, dilation=d, groups=groups)
        # Everything the filters reach, cut or filled up to the size that is wanted.
        missing = [max(0, n + q[0] - m) for n, q, m in zip(size, p, y.shape[2:])]
        y = F.pad(y, (0, missing[1], 0, missing[0]))
        return last(y[:, :, p[0][0]:p[0][0] + size[0], p[1][0]:p[1][0] + size[1]])

    case("transposedConvolution", f, [X(*shape), X(*window, outputs // groups, shape[3])], attrs)


transposed((2, 3, 4, 3), [3, 3], 2)
transposed((2, 3, 4, 3), [4, 4], 2, strides=2, padding="same")
transposed((1, 4, 3, 4), [2, 3], 5, strides=[3, 2])
transposed((2, 3, 3, 4), [3, 3], 6, strides=2, padding="same", groups=2)
transposed((1, 4, 4, 2), [3, 2], 3, dilation=2)
transposed((1, 4, 4, 3), [1, 1], 2, strides=2, padding="same")


def pooling(op, shape, size, strides=None, padding="valid"):
    attrs = {"size": size, "padding": padding, **({} if strides is None else {"strides": strides})}
    k, s = pair(size), pair(size if strides is None else strides)
    p = paddings(padding, shape[1:3], k, s, [1, 1])
    if op == "maxPool":
        f = lambda x: last(F.max_pool2d(pad(first(x), p, float("-inf")), k, s))
    else:
        whole = lambda x: F.avg_pool2d(pad(x, p), k, s) * (k[0] * k[1])
        count = 1 if op == "sumPool" else whole(torch.ones(1, 1, *shape[1:3], dtype=torch.float64))
        f = lambda x: last(whole(first(x)) / count)
    case(op, f, [X(*shape)], attrs)


for op in ["maxPool", "averagePool", "sumPool"]:
    pooling(op, (2, 4, 6, 3), 2)
    pooling(op, (2, 5, 5, 18), 3, 2, "same")
    pooling(op, (1, 5, 6, 2), [2, 3], 1)
    pooling(op, (2, 7, 7, 2), 2, 3)
    pooling(op, (1, 6, 5, 4), [3, 4], [2, 1], [[1, 2], [3, 0]])
    pooling(op, (3, 3, 4, 5), [3, 4])

write("src/graph/fixtures/windows.json", "windows.py", {"torch": torch.__version__, "numpy": np.__version__}, cases)
