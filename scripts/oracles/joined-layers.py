"""Layers of several inputs, layers around layers, and stacked recurrent layers by PyTorch in float64
-> src/nn/fixtures/joined-layers.json.

A case has `inputs`, weights in the order of the layer's parameters, and gradients of (output · upstream). With `lengths`,
steps behind a row's length count for nothing on either side: PyTorch packs the rows.
"""

import numpy as np
import torch
from common import array, flat, grid, write
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)
rng = np.random.default_rng(20261127)
cases = []


def X(*shape):
    return torch.tensor(grid(rng, shape, -2, 2, 8), requires_grad=True)


def case(layer, attrs, inputs, output, weights=(), lengths=None):
    """`weights`: pairs of a tensor in Keras's layout, whose gradient is wanted, and nothing else."""
    output = output.contiguous()
    upstream = torch.tensor(grid(rng, tuple(output.shape), -2, 2, 16))
    if lengths is not None:
        for row, length in enumerate(lengths):
            upstream[row, length:] = 0
    leaves = [x for x in inputs if x.requires_grad]
    wanted = [*leaves, *weights]
    found = torch.autograd.grad((output * upstream).sum(), wanted, retain_graph=True, allow_unused=True)
    gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, found)]
    cases.append({"layer": layer, "attrs": attrs, "inputs": [array(x) for x in inputs], "weights": [array(w) for w in weights],
                  "output": array(output), "upstream": flat(upstream),
                  "inputGradients": [flat(g) for g in gradients[: len(leaves)]],
                  "gradients": [flat(g) for g in gradients[len(leaves) :]],
                  **({} if lengths is None else {"lengths": lengths})})


# Joining.
merges = {
    "add": lambda a: sum(a[1:], a[0]),
    "multiply": lambda a: torch.stack(a).prod(0),
    "average": lambda a: torch.stack(a).mean(0),
    "maximum": lambda a: torch.stack(a).amax(0),
    "minimum": lambda a: torch.stack(a).amin(0),
}
for name, f in merges.items():
    for count in (2, 3):
        inputs = [X(2, 3, 4) for _ in range(count)]
        # Of equal values either may have the gradient: none are equal here.
        for i, x in enumerate(inputs):
            x.data += i / 64
        case(name, {}, inputs, f(inputs))
a, b = X(2, 3, 4), X(2, 3, 4)
case("subtract", {}, [a, b], a - b)
a, b = X(2, 3, 4), X(2, 1, 4)
case("add", {}, [a, b], a + b)
case("multiply", {}, [a, b], a * b)
for axis in (1, 2, -1):
    a, b, c = (X(*[2 + i if at == axis % 3 else n for at, n in enumerate((2, 3, 4))]) for i in range(3))
    case("concatenate", {"axis": axis}, [a, b, c], torch.cat([a, b, c], axis))
a, b = X(2, 5), X(2, 5)
case("dot", {"axes": 1}, [a, b], (a * b).sum(1, keepdim=True))
case("dot", {"axes": 1, "normalize": True}, [a, b], nn.functional.cosine_similarity(a, b, 1).unsqueeze(1))
a, b = X(2, 3, 5), X(2, 5, 4)
case("dot", {"axes": [2, 1]}, [a, b], a @ b)

# Axes and repetition.
x = X(2, 3, 4, 5)
case("permute", {"dims": [3, 1, 2]}, [x], x.permute(0, 3, 1, 2))
x = X(2, 4)
case("repeatVector", {"n": 3}, [x], x.unsqueeze(1).repeat(1, 3, 1))
x = X(2, 3, 2)
x.data[0, 1] = 7
case("masking", {"maskValue": 7}, [x], x * (x != 7).any(-1, keepdim=True))

# Around a layer.
x, k, b = X(2, 3, 4), X(4, 2), X(2)
case("timeDistributed", {"layer": "dense", "units": 2}, [x], nn.functional.linear(x, k.T, b), [k, b])
x, k, b = X(2, 3, 4, 4, 1), X(3, 3, 1, 2), X(2)
y = nn.functional.conv2d(x.reshape(6, 4, 4, 1).movedim(-1, 1), k.permute(3, 2, 0, 1), b).movedim(1, -1)
case("timeDistributed", {"layer": "conv2d", "filters": 2, "kernelSize": 3}, [x], y.reshape(2, 3, 2, 2, 2), [k, b])

# Positions.
x, p = X(2, 3, 4), X(5, 4)
case("positionEmbedding", {"sequenceLength": 5}, [x], p[:3].expand(2, 3, 4), [p])
ids, t, p = torch.tensor([[4, 0, 4], [1, 2, 3]], dtype=torch.int32), X(6, 4), X(5, 4)
attrs = {"vocabularySize": 6, "sequenceLength": 5, "embeddingDim": 4}
case("tokenAndPositionEmbedding", attrs, [ids], nn.functional.embedding(ids.long(), t) + p[:3], [t, p])

# Recurrent layers of several, in both directions, with rows of several lengths.
gates = {"lstm": [0, 1, 2, 3], "gru": [1, 0, 2], "simpleRnn": [0]}
classes = {"lstm": nn.LSTM, "gru": nn.GRU, "simpleRnn": nn.RNN}


def keras_weights(net, layer, suffix, kind):
    """Kernel, recurrent kernel and bias in Keras's layout; the net computes with them, so that they have gradients."""
    order = gates[kind]
    units = net.hidden_size
    ih, hh = (getattr(net, f"weight_{part}_l{layer}{suffix}") for part in ("ih", "hh"))
    found = [X(ih.shape[1], ih.shape[0]), X(hh.shape[1], hh.shape[0])]
    back = np.argsort(order)
    blocks = lambda w: torch.cat([w[..., g * units : (g + 1) * units] for g in back], -1)
    if kind == "gru":
        found.append(X(2, 3 * units))
        biases = [blocks(found[2][0]), blocks(found[2][1])]
    else:
        found.append(X(len(order) * units))
        biases = [blocks(found[2]), torch.zeros(len(order) * units, dtype=torch.float64)]
    values = [blocks(found[0]).T, blocks(found[1]).T, *biases]
    names = [f"{name}_l{layer}{suffix}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    return found, dict(zip(names, values))


def run(net, replaced, x, lengths):
    def forward(x):
        if lengths is None:
            return torch.func.functional_call(net, replaced, (x,))[0]
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        y = torch.func.functional_call(net, replaced, (packed,))[0]
        return pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]

    return forward(x)


for kind in gates:
    for stacked in (1, 2):
        for both in (False, True):
            for lengths in (None, [4, 2, 1]):
                if stacked == 1 and not both:
                    continue
                net = classes[kind](3, 2, stacked, batch_first=True, bidirectional=both).double()
                weights, replaced = [], {}
                for layer in range(stacked):
                    for suffix in ("", "_reverse") if both else ("",):
                        found, values = keras_weights(net, layer, suffix, kind)
                        weights += found
                        replaced |= values
                x = X(3, 4, 3)
                attrs = {"layer": kind, "units": 2, "stacked": stacked, "bidirectional": both, "mergeMode": "concat"}
                y = run(net, replaced, x, lengths)
                case("recurrent", attrs, [x], y, weights, lengths)
                if stacked == 1:
                    a, b = y[..., :2], y[..., 2:]
                    for mode, joined in {"sum": a + b, "mul": a * b, "ave": (a + b) / 2}.items():
                        case("recurrent", {**attrs, "mergeMode": mode}, [x], joined, weights, lengths)

write("src/nn/fixtures/joined-layers.json", "joined-layers.py", {"torch": torch.__version__, "numpy": np.__version__}, cases)
