"""PyTorch's contenders for the transformer block. argv: layer | fused | sdpa, then the number of threads.

layer: nn.TransformerEncoderLayer with the default Adam. fused: the same with Adam(fused=True). sdpa: the block written
out over F.scaled_dot_product_attention and one projection for queries, keys and values, with Adam(fused=True).
"""

import json
import sys
import time

import numpy as np
import torch

STYLE, THREADS = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(THREADS)
nn, F = torch.nn, torch.nn.functional
state = {}


class Written(nn.Module):
    def __init__(self, features, heads, intermediate):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.first, self.second = nn.Linear(features, intermediate), nn.Linear(intermediate, features)
        self.norm1, self.norm2 = nn.LayerNorm(features), nn.LayerNorm(features)

    def forward(self, x):
        b, t, f = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, f // self.heads).permute(2, 0, 3, 1, 4)
        context = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, t, f)
        x = self.norm1(x + self.out(context))
        return self.norm2(x + self.second(F.relu(self.first(x))))


def setup(message):
    job = message["job"]
    features = job["heads"] * job["headSize"]
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    if STYLE == "sdpa":
        model = Written(features, job["heads"], job["intermediate"])
    else:
        model = nn.TransformerEncoderLayer(features, job["heads"], job["intermediate"], dropout=0.0, batch_first=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=job["learningRate"], fused=None if STYLE == "layer" else True)
    shape = (job["batch"], job["tokens"], features)
    batches = [[rng.uniform(-1, 1, shape).astype(np.float32) for _ in range(2)] for _ in range(4)]

    def step(i):
        x, y = (torch.from_numpy(values.copy()) for values in batches[i % 4])
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    state["step"] = step
    return {"loss": step(0), "versions": {"torch": torch.__version__}}


def run(message):
    step, loss = state["step"], None
    start = time.perf_counter()
    for i in range(message["steps"]):
        loss = step(i)
    return {"seconds": time.perf_counter() - start, "loss": loss}


COMMANDS = {"setup": setup, "run": run, "exit": lambda m: {}}
for line in sys.stdin:
    message = json.loads(line)
    try:
        answer = {"ok": True, **COMMANDS[message["command"]](message)}
    except Exception as error:  # the coordinator reports it
        answer = {"ok": False, "error": repr(error)}
    print(json.dumps(answer), flush=True)
    if message["command"] == "exit":
        break
