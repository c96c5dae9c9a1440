"""The nets of language.mjs in PyTorch, on the batches of language.mjs: language.py <folder with job.json, train.bin,
validation.bin>. Prints the result as JSON. Weights start from the distributions that Athanor's layers draw from."""

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


def dense(inputs, outputs):
    layer = nn.Linear(inputs, outputs)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def embedding(rows, size):
    layer = nn.Embedding(rows, size)
    nn.init.uniform_(layer.weight, -0.05, 0.05)
    return layer


class Recurrent(nn.Module):
    def __init__(self, vocabulary, embedding_size, units):
        super().__init__()
        self.embedding = embedding(vocabulary, embedding_size)
        self.lstm = nn.LSTM(embedding_size, units, batch_first=True)
        # Athanor's matrices hold the four gates beside each other: one fan for all.
        nn.init.xavier_uniform_(self.lstm.weight_ih_l0)
        nn.init.orthogonal_(self.lstm.weight_hh_l0)
        nn.init.zeros_(self.lstm.bias_ih_l0)
        nn.init.ones_(self.lstm.bias_ih_l0.data[units : 2 * units])
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad = False
        self.out = dense(units, vocabulary)

    def forward(self, x, state):
        y, state = self.lstm(self.embedding(x), state)
        return self.out(y), tuple(part.detach() for part in state)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (dense(width, width) for _ in range(4))
        self.inner, self.outer = dense(width, 4 * width), dense(4 * width, width)

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
        self.tokens, self.places = embedding(vocabulary, width), embedding(steps, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm, self.out = nn.LayerNorm(width), dense(width, vocabulary)

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

optimizer = torch.optim.Adam((p for p in net.parameters() if p.requires_grad), eps=1e-7)
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
