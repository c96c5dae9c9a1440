"""LSTM, GRU and SimpleRNN with gradients, from PyTorch in float64 -> src/nn/recurrent/fixtures/recurrent.json.

Weights are in Keras's layout: matrices transposed, GRU's gates z, r, n (PyTorch: r, z, n), LSTM's and
SimpleRNN's two biases added up. GRU without resetAfter, which PyTorch lacks, is written out.
"""

import numpy as np
import torch
from common import array as exact, flat as digits, grid, numpy_of, write
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(11)
X = lambda *shape: grid(rng, shape, -1, 1, 32)
array = lambda v: exact(np.round(numpy_of(v), 10))
flat = lambda v: digits(np.round(numpy_of(v), 10))
leaf = lambda v: torch.tensor(v, requires_grad=True)
GATES = {"lstm": 4, "gru": 3, "simpleRnn": 1}
MODULES = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "simpleRnn": torch.nn.RNN}
cases = []


def weights_for(layer, features, units, reset_after=True):
    g = GATES[layer]
    bias = (2, g * units) if layer == "gru" and reset_after else (g * units,)
    return {"kernel": X(features, g * units), "recurrentKernel": X(units, g * units), "bias": X(*bias)}


def turned(t, layer, units):
    """Keras's columns z, r, n -> PyTorch's rows r, z, n."""
    if layer != "gru":
        return t
    z, r, n = t.split(units, -1)
    return torch.cat([r, z, n], -1)


def parameters(layer, w, units):
    """The four parameters of a PyTorch module as functions of Keras's, so that gradients flow to these."""
    k, r = (turned(w[name], layer, units).T for name in ("kernel", "recurrentKernel"))
    bias = turned(w["bias"], layer, units)
    b, c = (bias[0], bias[1]) if bias.ndim == 2 else (bias, torch.zeros_like(bias))
    return k, r, b, c


def run(layer, x, w, units, lengths=None, start=None):
    """Outputs of all steps and the last states."""
    module = MODULES[layer](x.shape[2], units, batch_first=True)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    given = dict(zip(names, parameters(layer, w, units)))
    if start is not None:
        start = tuple(s[None] for s in start) if layer == "lstm" else start[0][None]
    if lengths is None:
        out, state = torch.func.functional_call(module, given, (x, start))
    else:
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        out, state = torch.func.functional_call(module, given, (packed, start))
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])
    states = [s[0] for s in state] if layer == "lstm" else [state[0]]
    return out, states


def reset_before(x, w, units):
    h = torch.zeros(x.shape[0], units)
    outs = []
    for t in range(x.shape[1]):
        xz, xr, xn = (x[:, t] @ w["kernel"] + w["bias"]).split(units, -1)
        rz, rr, rn = w["recurrentKernel"].split(units, -1)
        z, r = torch.sigmoid(xz + h @ rz), torch.sigmoid(xr + h @ rr)
        n = torch.tanh(xn + (r * h) @ rn)
        h = z * h + (1 - z) * n
        outs.append(h)
    return torch.stack(outs, 1), [h]


def record(layer, attrs, x, weights, y, upstream, leaves, t, **extra):
    grads = torch.autograd.grad((y * torch.tensor(upstream)).sum(), [t, *leaves.values()])
    cases.append({"layer": layer, "attrs": attrs, "input": array(x), "weights": {k: array(v) for k, v in weights.items()},
                  "output": array(y), "upstream": flat(upstream), "inputGradient": flat(grads[0]),
                  "gradients": {k: flat(g) for k, g in zip(leaves, grads[1:])}, **extra})


def case(layer, shape, units, attrs=None, lengths=None):
    attrs = attrs or {}
    batch, steps, features = shape
    x = X(*shape)
    weights = weights_for(layer, features, units, attrs.get("resetAfter", True))
    leaves = {k: leaf(v) for k, v in weights.items()}
    t = leaf(x)
    back = attrs.get("goBackwards", False)
    read = t.flip(1) if back else t
    if attrs.get("resetAfter", True):
        out, states = run(layer, read, leaves, units, lengths)
    else:
        out, states = reset_before(read, leaves, units)
    sequences = attrs.get("returnSequences", False)
    y = out if sequences else states[0]
    upstream = grid(rng, tuple(y.shape), -2, 2, 16)
    extra = {}
    if lengths is not None:
        extra["lengths"] = lengths
        if sequences:
            # Padded steps: PyTorch gives zeros, here the last output is repeated; they are not compared.
            for b, n in enumerate(lengths):
                upstream[b, n:] = 0
    record(layer, {"units": units, **attrs}, x, weights, y, upstream, leaves, t, **extra)


def bidirectional(layer, shape, units, mode, lengths=None):
    x = X(*shape)
    both = [weights_for(layer, shape[2], units) for _ in range(2)]
    weights = {f"{side}.{k}": v for side, w in zip(("forwardLayer", "backwardLayer"), both) for k, v in w.items()}
    leaves = {k: leaf(v) for k, v in weights.items()}
    t = leaf(x)
    sides = [{k.split(".")[1]: v for k, v in leaves.items() if k.startswith(side)} for side in ("forward", "backward")]
    module = MODULES[layer](shape[2], units, batch_first=True, bidirectional=True)
    names = [f"{n}_l0{end}" for end in ("", "_reverse") for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    given = dict(zip(names, [p for w in sides for p in parameters(layer, w, units)]))
    read = t if lengths is None else pack_padded_sequence(t, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    out, _ = torch.func.functional_call(module, given, (read,))
    if lengths is not None:
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=shape[1])
    a, b = out.split(units, -1)
    y = {"concat": out, "sum": a + b, "mul": a * b, "ave": (a + b) / 2}[mode]
    upstream = grid(rng, tuple(y.shape), -2, 2, 16)
    for row, n in enumerate(lengths or []):
        upstream[row, n:] = 0
    attrs = {"layer": layer, "units": units, "mergeMode": mode}
    record("bidirectional", attrs, x, weights, y, upstream, leaves, t, **({"lengths": lengths} if lengths else {}))


for layer in GATES:
    case(layer, (3, 5, 4), 3)
    case(layer, (2, 4, 3), 7, {"returnSequences": True})
    case(layer, (1, 1, 2), 1, {"returnSequences": True})
    case(layer, (1, 6, 1), 9)
    case(layer, (2, 4, 3), 5, {"returnSequences": True, "goBackwards": True})
    case(layer, (2, 4, 3), 5, {"goBackwards": True})
    case(layer, (4, 5, 2), 3, {"returnSequences": True}, [5, 2, 1, 4])
    case(layer, (4, 5, 2), 3, {}, [3, 5, 1, 2])
case("gru", (2, 4, 3), 5, {"returnSequences": True, "resetAfter": False})
case("gru", (2, 4, 3), 5, {"resetAfter": False})
bidirectional("lstm", (2, 4, 3), 3, "concat")
bidirectional("gru", (2, 4, 3), 3, "sum")
bidirectional("simpleRnn", (2, 4, 3), 3, "mul")
bidirectional("lstm", (3, 4, 2), 2, "ave", [4, 1, 3])

# ---- stateful: each batch goes on from the states before, gradients end there -------------------
sequences = []
for layer in GATES:
    units, shape = 4, (2, 3, 3)
    weights = weights_for(layer, shape[2], units)
    start = None
    batches = []
    for _ in range(3):
        leaves = {k: leaf(v) for k, v in weights.items()}
        x = X(*shape)
        t = leaf(x)
        out, states = run(layer, t, leaves, units, start=start)
        upstream = grid(rng, tuple(out.shape), -2, 2, 16)
        grads = torch.autograd.grad((out * torch.tensor(upstream)).sum(), [t, *leaves.values()])
        batches.append({"input": array(x), "output": flat(out), "upstream": flat(upstream), "inputGradient": flat(grads[0]),
                        "gradients": {k: flat(g) for k, g in zip(leaves, grads[1:])}})
        start = [s.detach() for s in states]
    sequences.append({"layer": layer, "attrs": {"units": units}, "weights": {k: array(v) for k, v in weights.items()}, "batches": batches})

write("src/nn/recurrent/fixtures/recurrent.json", "recurrent.py", {"torch": torch.__version__}, cases, sequences=sequences)
