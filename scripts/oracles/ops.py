"""Values and gradients of every tensor operation by PyTorch in float64 -> src/graph/fixtures/ops.json.

Where PyTorch departs from NumPy (sign of NaN, softplus's linear branch) NumPy's answer is used.
Gradients are those of sum(output * upstream).
"""

import numpy as np
import torch
from common import array, flat, grid, write

torch.set_num_threads(1)
rng = np.random.default_rng(20240601)
cases = []


def case(op, function, inputs, attrs=None, gradient=True, note=None):
    """Runs `function(*tensors)`; differentiates it for each float64 input when asked to."""
    tensors = []
    for value in inputs:
        value = np.asarray(value)
        t = torch.tensor(value)
        if gradient and t.dtype == torch.float64:
            t.requires_grad_(True)
        tensors.append(t)
    result = function(*tensors)
    entry = {"op": op, "attrs": attrs or {}, "inputs": [array(v) for v in inputs]}
    if note:
        entry["note"] = note
    several = isinstance(result, (list, tuple))
    results = list(result) if several else [result]
    results = [r if isinstance(r, torch.Tensor) else torch.tensor(np.asarray(r)) for r in results]
    if several:
        entry["outputs"] = [array(r) for r in results]
    else:
        entry["output"] = array(results[0])
    if gradient:
        ups = [torch.tensor(grid(rng, tuple(r.shape), -2, 2, 16)) for r in results]
        total = sum((r * u).sum() for r, u in zip(results, ups))
        wanted = [t for t in tensors if t.requires_grad]
        grads = iter(torch.autograd.grad(total, wanted, allow_unused=True))
        if several:
            entry["upstreams"] = [flat(u) for u in ups]
        else:
            entry["upstream"] = flat(ups[0])
        entry["gradients"] = [
            None if not t.requires_grad else (flat(g) if (g := next(grads)) is not None else flat(torch.zeros_like(t)))
            for t in tensors
        ]
    cases.append(entry)


SHAPES = [(), (1,), (7,), (3, 5), (0,), (2, 0, 3), (2, 3, 4), (17,)]
WIDE = (-3, 3)

# ---- one operand -----------------------------------------------------------------------------
unary = {
    "neg": (torch.neg, WIDE),
    "abs": (torch.abs, WIDE),
    "exp": (torch.exp, WIDE),
    "log": (torch.log, (1 / 64, 6)),
    "log1p": (torch.log1p, (-0.95, 6)),
    "expm1": (torch.expm1, WIDE),
    "sqrt": (torch.sqrt, (1 / 64, 6)),
    "rsqrt": (torch.rsqrt, (1 / 64, 6)),
    "square": (torch.square, WIDE),
    "reciprocal": (torch.reciprocal, (1 / 64, 6)),
    "sin": (torch.sin, (-10, 10)),
    "cos": (torch.cos, (-10, 10)),
    "tanh": (torch.tanh, WIDE),
    "sigmoid": (torch.sigmoid, (-6, 6)),
    "erf": (torch.erf, WIDE),
    "relu": (torch.relu, WIDE),
    "softplus": (lambda x: torch.logaddexp(x, torch.zeros_like(x)), (-6, 6)),
}
for op, (f, (low, high)) in unary.items():
    for shape in SHAPES:
        case(op, f, [grid(rng, shape, low, high)])
# Zero gradient almost everywhere.
for op, f in {"floor": torch.floor, "ceil": torch.ceil, "round": torch.round, "sign": torch.sign}.items():
    for shape in [(), (9,), (3, 5), (0,)]:
        case(op, f, [grid(rng, shape, -4, 4, 4)])
case("round", torch.round, [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 0.49999999999999994, 8388609.0])], gradient=False, note="half to even")

# Edges: values only.
inf, nan = np.inf, np.nan
edges = np.array([0.0, 1.0, -1.0, inf, -inf, nan, 1e-30, -1e-30, 88.0, -88.0, 100.0, -100.0, 1e30, -1e30])
numpy_edges = {
    "neg": np.negative, "abs": np.abs, "sign": np.sign, "exp": np.exp, "log": np.log, "log1p": np.log1p,
    "expm1": np.expm1, "sqrt": np.sqrt, "square": np.square, "reciprocal": np.reciprocal, "tanh": np.tanh,
    "rsqrt": lambda x: 1 / np.sqrt(x), "floor": np.floor, "ceil": np.ceil, "round": np.rint,
    "relu": lambda x: np.maximum(x, 0), "softplus": lambda x: np.logaddexp(x, 0),
    "sigmoid": lambda x: torch.sigmoid(torch.tensor(x)).numpy(), "erf": lambda x: torch.erf(torch.tensor(x)).numpy(),
}
with np.errstate(all="ignore"):
    for op, f in numpy_edges.items():
        x = edges
        if op in ("exp", "expm1", "square", "reciprocal", "softplus"):  # what float32 can hold too
            x = edges[(np.abs(edges) < 80) | ~np.isfinite(edges)]
            x = x[np.abs(x) != 1e-30] if op in ("square", "reciprocal") else x
        case(op, lambda t, f=f, x=x: torch.tensor(f(x)), [x], gradient=False, note="edges; NumPy")
for op, f in {"isNaN": np.isnan, "isFinite": np.isfinite}.items():
    case(op, lambda t, f=f: torch.tensor(f(edges)), [edges], gradient=False)
    case(op, lambda t, f=f: torch.tensor(f(np.float64(1.0))), [np.float64(1.0)], gradient=False)
case("abs", torch.abs, [np.array([0.0, -1.0])], note="gradient 0 at 0")
case("relu", torch.relu, [np.array([0.0, -1.0, 1.0])], note="gradient 0 at 0")
case("sqrt", torch.sqrt, [np.array([0.0, 4.0])], note="infinite gradient at 0")
case("tanh", torch.tanh, [np.array([-30.0, 30.0, 0.0])])
case("sigmoid", torch.sigmoid, [np.array([-40.0, 40.0, 0.0])])
case("softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x)), [np.array([-40.0, 40.0, 0.0])])

# ---- two operands ----------------------------------------------------------------------------
PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 4)), ((), (2, 2)),
         ((4, 1, 3), (2, 1)), ((0,), (1,)), ((2, 0), (2, 1)), ((1, 1, 5), (3, 2, 1)), ((13,), ())]
binary = {
    "add": (torch.add, WIDE, WIDE),
    "sub": (torch.sub, WIDE, WIDE),
    "mul": (torch.mul, WIDE, WIDE),
    "div": (torch.div, WIDE, (0.25, 3)),
    "pow": (torch.pow, (0.25, 3), (-2, 2)),
    "maximum": (torch.maximum, WIDE, WIDE),
    "minimum": (torch.minimum, WIDE, WIDE),
    "mod": (torch.remainder, (-9, 9), (0.5, 3)),
}
for op, (f, a, b) in binary.items():
    for left, right in PAIRS:
        x, y = grid(rng, left, *a), grid(rng, right, *b)
        if op in ("maximum", "minimum"):
            y = y + 1 / 128  # no ties
        if op == "mod":
            x = x + 1 / 128  # away from whole quotients, where the gradient jumps
        case(op, f, [x, y])
case("maximum", torch.maximum, [np.array([1.0, 2.0]), np.array([1.0, 1.0])], note="tie: half to each (PyTorch and JAX)")
case("minimum", torch.minimum, [np.array([1.0, 2.0]), np.array([1.0, 3.0])], note="tie: half to each (PyTorch and JAX)")
case("pow", torch.pow, [np.array([0.0, 0.0, -2.0, -2.0, 2.0]), np.array([2.0, 0.0, 3.0, 2.0, -1.0])], gradient=False)
case("pow", lambda x: torch.pow(x, 3.0), [np.array([-2.0, 0.0, 1.5])], {"exponent": 3}, note="scalar exponent")
case("pow", lambda x: torch.pow(x, 2.0), [np.array([-2.0, 0.0, 1.5])], {"exponent": 2}, note="scalar exponent")
case("pow", lambda x: torch.pow(x, 0.5), [np.array([0.25, 4.0])], {"exponent": 0.5}, note="scalar exponent")
case("mod", torch.remainder, [np.array([7.0, -7.0, 7.0, -7.0, 5.5, -0.5]), np.array([3.0, 3.0, -3.0, -3.0, 2.0, 1.0])], gradient=False, note="sign of the divisor")
with np.errstate(all="ignore"):
    a = np.array([1.0, -1.0, 0.0, inf, nan, 1.0]); b = np.array([0.0, 0.0, 0.0, 2.0, 1.0, nan])
    for op, f in {"div": np.divide, "mod": np.mod, "maximum": np.maximum, "minimum": np.minimum}.items():
        case(op, lambda x, y, f=f: torch.tensor(f(a, b)), [a, b], gradient=False, note="edges; NumPy (NaN wins)")
# int32 stays int32.
i1, i2 = np.array([[7, -7, 3], [2**30, 0, -5]], np.int32), np.array([3, -2, 5], np.int32)
for op, f in {"add": np.add, "sub": np.subtract, "mul": lambda x, y: np.multiply(x // 7, y), "maximum": np.maximum, "minimum": np.minimum, "mod": np.mod}.items():
    x = i1 // 7 if op == "mul" else i1
    out = np.multiply(x, i2) if op == "mul" else f(x, i2)
    case(op, lambda p, q, out=out: torch.tensor(out), [x, i2], gradient=False)
for op, f in {"neg": np.negative, "abs": np.abs, "sign": np.sign, "square": np.square}.items():
    x = np.array([-3, 0, 12], np.int32)
    case(op, lambda p, f=f, x=x: torch.tensor(f(x)), [x], gradient=False)

compare = {"equal": np.equal, "notEqual": np.not_equal, "less": np.less, "lessEqual": np.less_equal,
           "greater": np.greater, "greaterEqual": np.greater_equal}
for op, f in compare.items():
    for x, y in [
        (np.array([1.0, 2.0, nan, inf, -0.0]), np.array([1.0, 3.0, nan, inf, 0.0])),
        (grid(rng, (2, 1), -1, 1, 2), grid(rng, (3,), -1, 1, 2)),
        (np.array([1, 2, 3], np.int32), np.int32(2)),
        (np.array([True, False]), np.array([True, True])),
        (np.zeros((0,)), np.zeros((1,))),
    ]:
        case(op, lambda p, q, f=f, x=x, y=y: torch.tensor(f(x, y)), [x, y], gradient=False)
for op, f in {"logicalAnd": np.logical_and, "logicalOr": np.logical_or}.items():
    x, y = np.array([[True, False], [True, False]]), np.array([True, False])
    case(op, lambda p, q, f=f: torch.tensor(f(x, y)), [x, y], gradient=False)
case("logicalNot", torch.logical_not, [np.array([True, False, True])], gradient=False)

for c, x, y in [((3,), (3,), (3,)), ((2, 1), (2, 3), (3,)), ((2, 3), (), (1, 3)), ((), (4,), (4,)), ((0,), (0,), (1,))]:
    case("where", torch.where, [rng.random(c) < 0.5, grid(rng, x), grid(rng, y)])
for shape in [(), (9,), (3, 5), (0,)]:
    case("clip", lambda x: torch.clamp(x, -1.0, 1.5), [grid(rng, shape) + 1 / 128], {"low": -1, "high": 1.5})
case("clip", lambda x: torch.clamp(x, -1.0, 1.0), [np.array([-1.0, 1.0, 0.0, 2.0, -2.0])], {"low": -1, "high": 1}, note="no gradient at the bounds (PyTorch 2)")

f = np.array([-2.7, -0.5, 0.0, 0.5, 2.7, 2147483000.0])
case("cast", lambda x: torch.tensor(f.astype(np.int32)), [f], {"dtype": "int32"}, gradient=False, note="towards zero")
case("cast", lambda x: torch.tensor(f.astype(bool)), [f], {"dtype": "bool"}, gradient=False)
case("cast", lambda x: torch.tensor(np.array([True, False, True])), [np.array([nan, 0.0, inf])], {"dtype": "bool"}, gradient=False)
case("cast", lambda x: x.double(), [np.array([1, -2, 2**31 - 1], np.int32)], {"dtype": "float64"}, gradient=False)
case("cast", lambda x: x.double(), [np.array([True, False])], {"dtype": "float64"}, gradient=False)
case("cast", lambda x: x.int(), [np.array([True, False])], {"dtype": "int32"}, gradient=False)

# ---- reductions ------------------------------------------------------------------------------
AXES = [((), None), ((7,), None), ((7,), [0]), ((3, 5), None), ((3, 5), [0]), ((3, 5), [1]), ((3, 5), [-1]),
        ((2, 3, 4), [1]), ((2, 3, 4), [0, 2]), ((2, 3, 4), [0, 1]), ((1, 1), [0]), ((33,), [0])]


def all_axes(x, axes):
    return list(range(x.dim())) if axes is None else axes


def prod(x, axes, keep):
    for a in sorted((a % x.dim() for a in all_axes(x, axes)), reverse=True):
        x = x.prod(dim=a, keepdim=keep)
    return x


reduce = {
    "sum": lambda x, axes, keep: x.sum(dim=all_axes(x, axes), keepdim=keep) if x.dim() else x.sum(),
    "mean": lambda x, axes, keep: x.mean(dim=all_axes(x, axes), keepdim=keep) if x.dim() else x.mean(),
    "prod": prod,
    "max": lambda x, axes, keep: torch.amax(x, dim=all_axes(x, axes), keepdim=keep) if x.dim() else x.clone(),
    "min": lambda x, axes, keep: torch.amin(x, dim=all_axes(x, axes), keepdim=keep) if x.dim() else x.clone(),
    "variance": lambda x, axes, keep: x.var(dim=all_axes(x, axes), keepdim=keep, correction=0) if x.dim() else x * 0,
    "logSumExp": lambda x, axes, keep: torch.logsumexp(x, dim=all_axes(x, axes), keepdim=keep) if x.dim() else x.clone(),
}


def distinct(shape):
    n = int(np.prod(shape))
    return (rng.permutation(2 * n + 3)[:n].reshape(shape) - n) / 8


for op, f in reduce.items():
    for n, (shape, axes) in enumerate(AXES):
        keep = n % 3 == 1
        attrs = {**({} if axes is None else {"axis": axes if len(axes) > 1 else axes[0]}), **({"keepDims": True} if keep else {})}
        x = distinct(shape) if op in ("max", "min") else grid(rng, shape, -2, 2, 16)
        if op == "prod":
            x = x + 1 / 32
        case(op, lambda t, f=f, axes=axes, keep=keep: f(t, axes, keep), [x], attrs)
case("prod", lambda x: prod(x, [1], False), [np.array([[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 4.0]])], {"axis": 1}, note="zeros")
case("max", lambda x: torch.amax(x, dim=1), [np.array([[2.0, 2.0, 1.0]])], {"axis": 1}, note="tie: shared equally (PyTorch amax, JAX)")
case("min", lambda x: torch.amin(x, dim=1), [np.array([[1.0, 2.0, 1.0]])], {"axis": 1}, note="tie: shared equally (PyTorch amin, JAX)")
case("max", lambda x: torch.tensor([nan, 2.0]).double(), [np.array([[1.0, nan], [1.0, 2.0]])], {"axis": 1}, gradient=False, note="NaN wins")
case("logSumExp", lambda x: torch.logsumexp(x, 1), [np.array([[1000.0, 1000.0], [-1000.0, -1001.0]])], {"axis": 1})
# Empty: sum 0, prod 1, mean NaN.
for shape, axes, out in [((0,), None, ()), ((2, 0), [1], (2,)), ((0, 3), [1], (0,)), ((0, 3), [0], (3,))]:
    attrs = {} if axes is None else {"axis": axes[0]}
    case("sum", lambda x, out=out: torch.zeros(out).double(), [np.zeros(shape)], attrs, gradient=False)
    case("prod", lambda x, out=out: torch.ones(out).double(), [np.zeros(shape)], attrs, gradient=False)
case("mean", lambda x: torch.tensor(nan).double(), [np.zeros((0,))], gradient=False)
case("sum", lambda x: x.sum(1).int(), [np.arange(6, dtype=np.int32).reshape(2, 3)], {"axis": 1}, gradient=False)
case("max", lambda x: torch.amax(x, 0), [np.array([[1, -5], [0, 7]], np.int32)], {"axis": 0}, gradient=False)
for op, f in {"any": np.any, "all": np.all}.items():
    x = np.array([[True, False, True], [False, False, False], [True, True, True]])
    for axes in [None, 0, 1]:
        case(op, lambda t, f=f, axes=axes: torch.tensor(f(x, axis=axes)), [x], {} if axes is None else {"axis": axes}, gradient=False)
    case(op, lambda t, f=f: torch.tensor(f(np.zeros((0,), bool))), [np.zeros((0,), bool)], gradient=False)
for op, f in {"argMax": np.argmax, "argMin": np.argmin}.items():
    for x, axes in [(grid(rng, (3, 5), -1, 1, 2), 1), (grid(rng, (3, 5), -1, 1, 2), 0), (grid(rng, (2, 3, 4)), 1), (np.array([3, 1, 3, 1], np.int32), 0), (grid(rng, (2, 3)), -1)]:
        case(op, lambda t, f=f, x=x, axes=axes: torch.tensor(f(x, axis=axes).astype(np.int32)), [x], {"axis": axes}, gradient=False, note="first of equals")


def cumsum(x, axis, exclusive, reverse):
    y = x.flip(axis) if reverse else x
    s = y.cumsum(axis) - (y if exclusive else 0)
    return s.flip(axis) if reverse else s


for shape, axis in [((5,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 2), 1), ((0,), 0), ((2, 3), -1)]:
    for exclusive, reverse in [(False, False), (True, False), (False, True), (True, True)]:
        attrs = {"axis": axis, **({"exclusive": True} if exclusive else {}), **({"reverse": True} if reverse else {})}
        case("cumsum", lambda x, a=axis, e=exclusive, r=reverse: cumsum(x, a, e, r), [grid(rng, shape)], attrs)

# ---- matmul ----------------------------------------------------------------------------------
for a, b, ta, tb in [((2, 3), (3, 4), 0, 0), ((3, 2), (3, 4), 1, 0), ((2, 3), (4, 3), 0, 1), ((3, 2), (4, 3), 1, 1),
                     ((1, 1), (1, 1), 0, 0), ((1, 7), (7, 1), 0, 0), ((7, 1), (1, 7), 0, 0), ((5, 9), (9, 17), 0, 0),
                     ((2, 3, 4), (2, 4, 5), 0, 0), ((2, 3, 4), (4, 5), 0, 0), ((3, 4), (2, 4, 5), 0, 0),
                     ((2, 1, 2, 3), (4, 3, 2), 0, 0), ((2, 4, 3), (2, 5, 4), 1, 1), ((0, 3), (3, 2), 0, 0), ((2, 0), (0, 3), 0, 0),
                     ((13, 6), (6, 19), 0, 0)]:
    attrs = {**({"transposeA": True} if ta else {}), **({"transposeB": True} if tb else {})}
    t = lambda x, on: x.transpose(-1, -2) if on else x
    case("matmul", lambda x, y, ta=ta, tb=tb: t(x, ta) @ t(y, tb), [grid(rng, a, -2, 2, 8), grid(rng, b, -2, 2, 8)], attrs)

# ---- shapes ----------------------------------------------------------------------------------
X = lambda *shape: grid(rng, shape, -2, 2, 8)
for shape, to in [((6,), (2, 3)), ((2, 3), (3, 2)), ((2, 3), (-1,)), ((), (1, 1)), ((1,), ()), ((0, 3), (3, 0))]:
    case("reshape", lambda x, to=to: x.reshape(x.new_zeros(to).shape if 0 in to else to), [X(*shape)], {"shape": list(to)})
for shape, perm in [((2, 3), None), ((2, 3, 4), [2, 0, 1]), ((2, 3, 4), None), ((2, 3, 4), [0, 2, 1]), ((5,), None), ((0, 2), None)]:
    case("transpose", lambda x, p=perm: x.permute(p or list(range(x.dim()))[::-1]), [X(*shape)], {} if perm is None else {"permutation": perm})
for shape, to in [((3,), (2, 3)), ((2, 1), (2, 4)), ((), (2, 2)), ((1, 3), (0, 3))]:
    case("broadcastTo", lambda x, to=to: x.expand(to), [X(*shape)], {"shape": list(to)})
for shape, s in [((5,), [[1, 4, 1]]), ((5,), [[0, 5, 2]]), ((5,), [[None, None, -1]]), ((4, 5), [[1, 3, 1], [0, 5, 3]]),
                 ((4, 5), [[-3, -1, 1]]), ((4, 5), [[3, 0, -2], [None, 2, 1]]), ((3,), [[2, 2, 1]]), ((2, 3, 4), [[0, 1, 1], [1, 3, 1], [3, None, 1]]),
                 ((3,), [[0, 99, 1]])]:
    def cut(x, s=s):
        for axis, (b, e, k) in enumerate(s):
            index = torch.tensor(np.arange(x.shape[axis])[slice(b, e, k)].copy())
            x = x.index_select(axis, index)
        return x
    case("slice", cut, [X(*shape)], {"ranges": s}, note="Python's begin:end:step for each leading axis")
for shape, p, v in [((3,), [[1, 2]], 0), ((2, 3), [[0, 1], [2, 0]], 0), ((2, 2), [[1, 1], [1, 1]], 1.5), ((0,), [[1, 1]], 0)]:
    case("pad", lambda x, p=p, v=v: torch.nn.functional.pad(x, [n for q in reversed(p) for n in q], value=v), [X(*shape)], {"paddings": p, "value": v})
for shapes, axis in [([(2,), (3,)], 0), ([(2, 3), (1, 3)], 0), ([(2, 3), (2, 1), (2, 2)], 1), ([(2, 3), (2, 3)], -1), ([(0, 2), (3, 2)], 0), ([(4,)], 0)]:
    case("concat", lambda *xs, a=axis: torch.cat(xs, a), [X(*s) for s in shapes], {"axis": axis})
for shape, n, axis in [((3,), 2, 0), ((3,), 2, 1), ((2, 3), 3, -1), ((), 3, 0)]:
    case("stack", lambda *xs, a=axis: torch.stack(xs, a), [X(*shape) for _ in range(n)], {"axis": axis})
for shape, axis in [((3, 2), 0), ((3, 2), 1), ((3,), 0)]:
    case("unstack", lambda x, a=axis: torch.unbind(x, a), [X(*shape)], {"axis": axis})
for shape, parts, axis in [((6,), 3, 0), ((4, 6), 2, 1), ((5, 2), [2, 3], 0), ((2, 5), [1, 4], -1)]:
    case("split", lambda x, p=parts, a=axis: torch.split(x, p if isinstance(p, list) else x.shape[a] // p, a), [X(*shape)], {"parts": parts, "axis": axis}, note="a number: that many equal parts; a list: their sizes")
for shape, axis in [((3,), 0), ((3,), 1), ((2, 3), -1), ((), 0)]:
    case("expandDims", lambda x, a=axis: x.unsqueeze(a), [X(*shape)], {"axis": axis})
for shape, axis in [((1, 3), 0), ((2, 1, 3), 1), ((1, 2, 1), None), ((1,), None)]:
    case("squeeze", lambda x, a=axis: x.squeeze() if a is None else x.squeeze(a), [X(*shape)], {} if axis is None else {"axis": axis})
for shape, axes in [((4,), [0]), ((2, 3), [1]), ((2, 3), [0, 1]), ((2, 3), None)]:
    case("flip", lambda x, a=axes: x.flip(a if a is not None else list(range(x.dim()))), [X(*shape)], {} if axes is None else {"axis": axes if len(axes) > 1 else axes[0]})

# ---- gather, scatter, one-hot ----------------------------------------------------------------
for shape, idx, axis in [((5,), [0, 4, 4, 2], 0), ((4, 3), [1, 1, 0], 0), ((4, 3), [2, 0], 1), ((2, 3, 4), [[0, 2], [1, 1]], 1), ((4, 3), 2, 0), ((3, 2), [], 0)]:
    idx = np.array(idx, np.int32)
    def take(x, i, axis=axis):
        out = x.index_select(axis, i.reshape(-1).long())
        return out.reshape(x.shape[:axis] + i.shape + x.shape[axis + 1:])
    case("gather", take, [X(*shape), idx], {"axis": axis})
for shape, idx, axis in [((5,), [0, 4, 4, 2], 0), ((4, 3), [1, 1, 0], 0), ((2, 5), [3, 3, 1], 1), ((3,), [], 0)]:
    idx = np.array(idx, np.int32)
    source = list(shape); source[axis] = len(idx)
    case("scatterAdd", lambda i, u, s=shape, a=axis: torch.zeros(s, dtype=torch.float64).index_add(a, i.long(), u), [idx, X(*source)], {"shape": list(shape), "axis": axis})
case("oneHot", lambda i: torch.nn.functional.one_hot(i.long(), 4).double(), [np.array([[0, 3], [1, 1]], np.int32)], {"depth": 4}, gradient=False)
case("oneHot", lambda i: torch.nn.functional.one_hot(i.long(), 3).double(), [np.array([2, 0, 1, 2], np.int32)], {"depth": 3}, gradient=False)

# ---- softmax family --------------------------------------------------------------------------
for shape in [(1,), (5,), (3, 4), (2, 3, 5), (4, 1), (2, 17), (0, 3)]:
    case("softmax", lambda x: torch.softmax(x, -1), [X(*shape)])
    case("logSoftmax", lambda x: torch.log_softmax(x, -1), [X(*shape)])
case("softmax", lambda x: torch.softmax(x, 0), [X(3, 4)], {"axis": 0})
case("logSoftmax", lambda x: torch.log_softmax(x, 1), [X(2, 3, 2)], {"axis": 1})
case("softmax", lambda x: torch.softmax(x, -1), [np.array([[1000.0, 1001.0, -1000.0]])])
case("logSoftmax", lambda x: torch.log_softmax(x, -1), [np.array([[1000.0, 1001.0, -1000.0]])])
for rows, columns in [(1, 1), (3, 4), (5, 10), (1, 33), (0, 3)]:
    labels = rng.integers(0, columns, rows).astype(np.int32)
    case("softmaxCrossEntropy", lambda z, y: torch.nn.functional.cross_entropy(z, y.long(), reduction="none"), [X(rows, columns), labels])
case("softmaxCrossEntropy", lambda z, y: torch.nn.functional.cross_entropy(z, y.long(), reduction="none"), [np.array([[1000.0, -1000.0]]), np.array([1], np.int32)])

# ---- makers ----------------------------------------------------------------------------------
case("eye", lambda: torch.eye(3, dtype=torch.float64), [], {"rows": 3}, gradient=False)
case("arange", lambda: torch.arange(5).int(), [], {"start": 0, "stop": 5, "step": 1}, gradient=False, note="dtype is the library's own choice")
case("arange", lambda: torch.arange(2, 9, 3).int(), [], {"start": 2, "stop": 9, "step": 3}, gradient=False, note="dtype is the library's own choice")
case("arange", lambda: torch.arange(5, 0, -2).int(), [], {"start": 5, "stop": 0, "step": -2}, gradient=False, note="dtype is the library's own choice")
case("linspace", lambda: torch.tensor(np.linspace(-1, 2, 7)), [], {"start": -1, "stop": 2, "count": 7}, gradient=False)
case("linspace", lambda: torch.tensor(np.linspace(3, 9, 1)), [], {"start": 3, "stop": 9, "count": 1}, gradient=False)

# ---- Philox4x32-10: known answers of its authors' Random123 (kat_vectors), checked against the paper's rounds.
philox = [
    {"counter": [0, 0, 0, 0], "key": [0, 0], "result": [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]},
    {"counter": [0xFFFFFFFF] * 4, "key": [0xFFFFFFFF] * 2, "result": [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]},
    {"counter": [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], "key": [0xA4093822, 0x299F31D0], "result": [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]},
]



def philox_rounds(counter, key):
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        p, q = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (q >> 32) ^ c1 ^ k0, q & 0xFFFFFFFF, (p >> 32) ^ c3 ^ k1, p & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return [c0, c1, c2, c3]


assert all(philox_rounds(v["counter"], v["key"]) == v["result"] for v in philox)

write("src/graph/fixtures/ops.json", "ops.py", {"torch": torch.__version__, "numpy": np.__version__}, cases, philox=philox)
