# python speech.py <folder>    called by speech-twin.mjs
# The net of a speech run in PyTorch: stacked frames, LSTMs that read both ways, a dense layer, CTC; the same features,
# weights at the start, optimizer, schedule, batches of similar lengths, SpecAugment and choice of the best epoch. Reads
# task.json, features.bin and weights.bin, writes logits of the validation recordings and of those that are heard.

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
features = np.fromfile(folder / "features.bin", dtype=np.float32)
settings, stack, size, classes = (task[name] for name in ("settings", "stack", "size", "classes"))
random = np.random.default_rng(settings["seed"])
torch.manual_seed(settings["seed"])


def frames_at(place):
    start, frames = place
    return features[start : start + frames * size].reshape(frames, size)


class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [stack * (size + 1)] + [2 * units for units in settings["hidden"]]
        self.layers = nn.ModuleList(
            nn.LSTM(width, units, batch_first=True, bidirectional=True)
            for width, units in zip(widths, settings["hidden"])
        )
        self.dropout = nn.Dropout(settings["dropout"])
        self.characters = nn.Linear(widths[-1], classes)
        given = np.fromfile(folder / "weights.bin", dtype=np.float32)
        at = 0
        with torch.no_grad():
            for weight in self.weights():
                weight.copy_(torch.from_numpy(given[at : at + weight.numel()].reshape(weight.shape)))
                at += weight.numel()
        assert at == len(given)

    def weights(self):
        """In the order and layout of Athanor's: kernels [inputs, outputs], gates i, f, g, o, one bias."""
        for layer in self.layers:
            for suffix in ("", "_reverse"):
                yield from (getattr(layer, f"weight_{part}_l0{suffix}").T for part in ("ih", "hh"))
                yield getattr(layer, f"bias_ih_l0{suffix}")
                # One bias is enough: the other adds to it.
                other = getattr(layer, f"bias_hh_l0{suffix}")
                other.zero_()
                other.requires_grad = False
        yield from (self.characters.weight.T, self.characters.bias)

    def forward(self, x, steps):
        for layer in self.layers:
            packed = pack_padded_sequence(x, steps, batch_first=True, enforce_sorted=False)
            x, _ = pad_packed_sequence(layer(packed)[0], batch_first=True)
            x = self.dropout(x)
        return self.characters(x)


def masked(values):
    """SpecAugment with the run's shares."""
    values = values.copy()
    frames = len(values)
    for _ in range(2):
        width = random.integers(int(size * 0.2) + 1)
        start = random.integers(size - width + 1)
        values[:, start : start + width] = 0
    for _ in range(2):
        width = random.integers(int(frames * 0.1) + 1)
        start = random.integers(frames - width + 1)
        values[start : start + width] = 0
    return values


def batch_of(recordings):
    steps = [math.ceil(len(values) / stack) for values in recordings]
    x = np.zeros((len(recordings), max(steps) * stack, size + 1), np.float32)
    for row, values in enumerate(recordings):
        x[row, : len(values), :size] = values
        x[row, : len(values), size] = 1
    return torch.from_numpy(x.reshape(len(recordings), max(steps), -1)), torch.tensor(steps)


def loss_of(net, recordings, labels):
    x, steps = batch_of(recordings)
    logits = net(x, steps).log_softmax(-1).transpose(0, 1)
    lengths = torch.tensor([len(text) for text in labels])
    flat = torch.tensor([label for text in labels for label in text])
    return nn.functional.ctc_loss(logits, flat, steps, lengths, blank=0, reduction="none").mean()


def batches(rows, batch_size):
    """As in the run: six buckets of similar lengths, shuffled within and among."""
    longest = [max(-(-variant[1] // 8) * 8 for variant in variants) for variants, _ in rows]
    ordered = sorted(longest)
    limits = sorted({ordered[math.ceil(len(rows) * i / 6) - 1] for i in range(1, 7)})
    parts = []
    for low, high in zip([0] + limits, limits):
        own = random.permutation([i for i, length in enumerate(longest) if low < length <= high])
        parts += [own[at : at + batch_size] for at in range(0, len(own), batch_size)]
    return [parts[i] for i in random.permutation(len(parts))]


def logits_of(net, places):
    net.eval()
    with torch.no_grad():
        for place in places:
            x, steps = batch_of([frames_at(place)])
            yield net(x, steps)[0].numpy()


train, validation = task["train"], task["validation"]
epochs, batch_size, rate = (settings[name] for name in ("epochs", "batchSize", "learningRate"))
net = Speech()
optimizer = torch.optim.Adam(net.parameters(), lr=rate, eps=1e-7)
total = epochs * math.ceil(len(train) / batch_size)
step = 0
best, kept = math.inf, None
for epoch in range(epochs):
    net.train()
    for rows in batches(train, batch_size):
        share = min(1, step / total)
        for group in optimizer.param_groups:
            group["lr"] = rate * (0.99 * 0.5 * (1 + math.cos(math.pi * share)) + 0.01)
        step += 1
        heard = [masked(frames_at(train[row][0][(epoch + row) % len(train[row][0])])) for row in rows]
        optimizer.zero_grad()
        loss = loss_of(net, heard, [train[row][1] for row in rows])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        # Keras's form of Adam: ε before the correction of the variance.
        optimizer.param_groups[0]["eps"] = 1e-7 / math.sqrt(1 - 0.999**step)
        optimizer.step()
    net.eval()
    with torch.no_grad():
        losses = [loss_of(net, [frames_at(places[0])], [labels]).item() for places, labels in validation]
    score = sum(losses) / len(losses)
    if score < best:
        best, kept = score, {name: value.clone() for name, value in net.state_dict().items()}
    print(f"  PyTorch, epoch {epoch + 1}: validation {score:.3f}", flush=True)
net.load_state_dict(kept)

for name, places in (
    ("validation", [places[0] for places, _ in validation]),
    ("heard", task["heard"]),
):
    logits = list(logits_of(net, places))
    np.concatenate(logits).astype(np.float32).tofile(folder / f"{name}.bin")
    (folder / f"{name}.json").write_text(json.dumps([len(values) for values in logits]))
