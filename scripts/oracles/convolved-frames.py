"""The convolutional front end of a speech model, a dense layer and the loss of CTC by PyTorch in float64: loss and the
gradient of every weight -> src/applications/speech/fixtures/convolved-frames.json.

Each recording goes alone, as long as it is; the layer sees all of them in one padded batch, whose padding is not zero.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from common import array, flat, grid, write

rng = np.random.default_rng(31)
CLASSES = 3
cases = []


def convolved(x, kernel, bias, stride):
    """x [1, steps, bands, channels]; the kernel is [length, height, inputs, outputs]."""
    pads = []
    for size, window, step in [(x.shape[2], kernel.shape[1], 2), (x.shape[1], kernel.shape[0], stride)]:
        before = (window - step) // 2
        pads += [before, (math.ceil(size / step) - 1) * step + window - before - size]
    y = F.conv2d(F.pad(x.permute(0, 3, 1, 2), pads), kernel.permute(3, 2, 0, 1), bias, (stride, 2))
    return torch.relu(y).permute(0, 2, 3, 1)


def case(frames, strides, bands, windows, filters, lengths, labels):
    steps = max(lengths)
    x = grid(rng, (len(lengths), steps, bands + 1))
    for row, length in enumerate(lengths):
        x[row, :, -1] = np.arange(steps) < length
    halved = math.ceil(bands / 2)
    shapes = {
        "firstKernel": windows[0] + (1, filters),
        "firstBias": (filters,),
        "secondKernel": windows[1] + (filters, filters),
        "secondBias": (filters,),
        "kernel": (math.ceil(halved / 2) * filters, CLASSES),
    }
    weights = {name: torch.tensor(grid(rng, shape) / 8, requires_grad=True) for name, shape in shapes.items()}
    losses = []
    for row, length in enumerate(lengths):
        own = torch.tensor(x[row : row + 1, :length, :-1, None])
        own = convolved(own, weights["firstKernel"], weights["firstBias"], strides[0])
        own = convolved(own, weights["secondKernel"], weights["secondBias"], strides[1])
        assert own.shape[1] == math.ceil(length / frames)
        logits = own.reshape(1, own.shape[1], -1) @ weights["kernel"]
        target = torch.tensor([labels[row]])
        losses.append(F.ctc_loss(logits.log_softmax(-1).transpose(0, 1), target, [own.shape[1]], [len(labels[row])], reduction="sum"))
    loss = sum(losses) / len(losses)
    loss.backward()
    most = max(len(row) for row in labels)
    cases.append(
        {
            "frames": frames,
            "filters": filters,
            "x": array(x),
            "labels": [row + [-1] * (most - len(row)) for row in labels],
            "weights": {name: array(value) for name, value in weights.items()},
            "losses": [value.item() for value in losses],
            "gradients": {name: flat(value.grad) for name, value in weights.items()},
        }
    )


case(4, (2, 2), 5, [(11, 3), (11, 3)], 2, [17, 6, 12], [[1, 2, 1], [2], [1, 1]])
case(3, (3, 1), 16, [(11, 5), (11, 3)], 2, [7, 13], [[2, 1], [1, 2]])
case(1, (1, 1), 1, [(11, 3), (11, 3)], 3, [5, 3], [[1, 2], [1]])
write("src/applications/speech/fixtures/convolved-frames.json", "convolved-frames.py", {"torch": torch.__version__}, cases)
