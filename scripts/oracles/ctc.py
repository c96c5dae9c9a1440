"""The loss of connectionist temporal classification and its gradient by PyTorch's CTCLoss in float64
-> src/tensor/fixtures/ctc.json.

PyTorch takes log-probabilities [steps, batch, classes]; the logits' gradient is taken through
log_softmax. An infinite loss has NaN gradients there unless zero_infinity.
"""

import numpy as np
import torch
from common import array, flat, grid, write

rng = np.random.default_rng(29)
cases = []


def case(note, logits, labels, input_lengths, label_lengths, blank=0, zero_infinity=False):
    x = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.ctc_loss(
        x.log_softmax(-1).transpose(0, 1),
        torch.tensor(labels, dtype=torch.long),
        torch.tensor(input_lengths),
        torch.tensor(label_lengths),
        blank=blank,
        reduction="none",
        zero_infinity=zero_infinity,
    )
    upstream = np.arange(1, len(labels) + 1) / 2
    (loss * torch.tensor(upstream)).sum().backward()
    cases.append(
        {
            "note": note,
            "blank": blank,
            "zeroInfinity": zero_infinity,
            "logits": array(logits),
            "labels": array(np.asarray(labels, np.int32).reshape(len(labels), -1)),
            "inputLengths": [int(n) for n in input_lengths],
            "labelLengths": [int(n) for n in label_lengths],
            "upstream": flat(upstream),
            "loss": flat(loss),
            "gradient": flat(x.grad),
        }
    )


case("plain", grid(rng, (2, 6, 4)), [[1, 2, 3], [3, 1, 2]], [6, 6], [3, 3])
case("repeated labels", grid(rng, (2, 8, 3)), [[1, 1, 2, 2], [2, 2, 2, 1]], [8, 8], [4, 4])
case("repeats that just fit", grid(rng, (1, 5, 3)), [[1, 1, 1]], [5], [3])
case("lengths differ", grid(rng, (3, 7, 5)), [[1, 2, 4], [4, 0, 0], [2, 2, 0]], [7, 3, 5], [3, 1, 2])
case("empty transcripts", grid(rng, (2, 4, 3)), [[1, 2], [1, 1]], [4, 2], [0, 0])
case("one step", grid(rng, (2, 1, 3)), [[2], [1]], [1, 1], [1, 0])
case("transcript longer than the audio", grid(rng, (2, 3, 3)), [[1, 2, 1, 2], [1, 2, 0, 0]], [3, 3], [4, 2])
case("the same with zeroInfinity", grid(rng, (2, 3, 3)), [[1, 2, 1, 2], [1, 2, 0, 0]], [3, 3], [4, 2], zero_infinity=True)
case("repeats one step short, zeroInfinity", grid(rng, (1, 4, 3)), [[1, 1, 1]], [4], [3], zero_infinity=True)
case("blank last", grid(rng, (2, 6, 4)), [[0, 1, 2], [2, 2, 0]], [6, 5], [3, 2], blank=3)
case("blank in the middle", grid(rng, (1, 6, 4)), [[0, 3, 0]], [6], [3], blank=2)
case("two classes", grid(rng, (2, 9, 2)), [[1, 1, 1], [1, 0, 0]], [9, 9], [3, 1])
case("large logits", grid(rng, (1, 5, 4)) * 100, [[1, 3]], [5], [2])
case("thirty steps", grid(rng, (2, 30, 6)), rng.integers(1, 6, (2, 12)), [30, 25], [12, 9])

write("src/tensor/fixtures/ctc.json", "ctc.py", {"torch": torch.__version__}, cases)
