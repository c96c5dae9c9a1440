"""The nets of language.mjs in PyTorch, on the batches of language.mjs and from the same initial weights: language.py <folder
with job.json, weights.bin, train.bin, validation.bin>. Prints the result as JSON."""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
settings, batch, steps, epochs = job["net"], job["batch"], job["steps"], job["epochs"]
train, validation = (np.fromfile(folder / f"{part}.bin", dtype=np.int32) for part in ("train", "validation"))
torch.manual_seed(job["seed"])
torch.set_num_threads(job["threads"])


def dense(layer):
    """What Athanor's layer has: a kernel [inputs, outputs] and a bias."""
    return [layer.weight.T, layer.bias]


class Recurrent(nn.Module):
    def __init__(self, vocabulary, embedding_size, units):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding_size)
        self.lstm = nn.LSTM(embedding_size, units, batch_first=True)
        # One bias is enough: the other adds to it.
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad = False
        self.out = nn.Linear(units, vocabulary)

    def in_order(self):
        lstm = self.lstm
        return [self.embedding.weight, lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, lstm.bias_ih_l0, *dense(self.out)]

    def forward(self, x, state):
        y, state = self.lstm(self.embedding(x), state)
        return self.out(y), tuple(part.detach() for part in state)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def in_order(self):
        projections = (self.query, self.key, self.value, self.output)
        attention = [x for layer in projections for x in dense(layer)]
        inner = [*dense(self.inner), *dense(self.outer)]
        return [*attention, *self.first.parameters(), *inner, *self.second.parameters()]

    def forward(self, x):
        own = self.first(x)
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        parts = (split(layer(own)) for layer in (self.query, self.key, self.value))
        attended = F.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.output(attended.transpose(1, 2).flatten(2))
        return x + self.outer(F.gelu(self.inner(self.second(x))))


class Transformer(nn.Module):
    def __init__(self, vocabulary, width, heads, layers):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(steps, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def in_order(self):
        blocks = [x for block in self.blocks for x in block.in_order()]
        return [self.tokens.weight, self.places.weight, *blocks, *self.norm.parameters(), *dense(self.out)]

    def forward(self, x, _state):
        y = self.tokens(x) + self.places.weight[: x.shape[1]]
        return self.out(self.norm(self.blocks(y))), None


def windows(ids, starts):
    x = np.stack([ids[start : start + steps] for start in starts])
    y = np.stack([ids[start + 1 : start + 1 + steps] for start in starts])
    return torch.from_numpy(x).long(), torch.from_numpy(y).long()


def streams(ids):
    stream = (len(ids) - 1) // batch
    for i in range(stream // steps):
        yield windows(ids, [row * stream + i * steps for row in range(batch)])


def drawn(ids, count):
    state = job["seed"] + 1
    for _ in range(count):
        starts = []
        for _ in range(batch):
            state = (state * 1664525 + 1013904223) % 2**32
            starts.append(math.floor(state / 2**32 * (len(ids) - steps)))
        yield windows(ids, starts)


def in_turn(ids):
    for at in range((len(ids) - 1) // (batch * steps)):
        yield windows(ids, [(at * batch + row) * steps for row in range(batch)])


if job["name"] == "lstm":
    net = Recurrent(job["vocabulary"], settings["embedding"], settings["units"])
    per_epoch = (len(train) - 1) // batch // steps
    passes, measured = [streams(train) for _ in range(epochs)], streams(validation)
    total = per_epoch * epochs
else:
    net = Transformer(job["vocabulary"], settings["width"], settings["heads"], settings["layers"])
    total = (len(train) - 1) // (batch * steps) * epochs
    passes, measured = [drawn(train, total)], in_turn(validation)

weights = torch.from_numpy(np.fromfile(folder / "weights.bin", dtype=np.float32))
places = net.in_order()
with torch.no_grad():
    for place, values in zip(places, weights.split([place.numel() for place in places]), strict=True):
        place.copy_(values.view(place.shape))

optimizer = torch.optim.Adam(p for p in net.parameters() if p.requires_grad)
schedule = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=job["learningRate"], total_steps=total, cycle_momentum=False
)
loss_of = lambda logits, y: F.cross_entropy(logits.flatten(0, 1), y.flatten())

done = 0
began = time.perf_counter()
for batches in passes:
    state = None
    for x, y in batches:
        logits, state = net(x, state)
        loss = loss_of(logits, y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        # Keras's form, which is Athanor's, adds its ε before the variance is corrected.
        optimizer.param_groups[0]["eps"] = 1e-7 / math.sqrt(1 - 0.999 ** (done + 1))
        optimizer.step()
        schedule.step()
        done += 1
        if done % 200 == 0:
            print(f"  {job['name']}, seed {job['seed']}: {done}/{total}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
seconds = time.perf_counter() - began

net.eval()
with torch.no_grad():
    state, losses = None, []
    for x, y in measured:
        logits, state = net(x, state)
        losses.append(loss_of(logits, y).item())
parameters = sum(p.numel() for p in net.parameters() if p.requires_grad)
result = {"seed": job["seed"], "bits": float(np.mean(losses)) / math.log(2), "seconds": seconds}
print(json.dumps(result | {"parameters": parameters, "steps": total}))
