"""PyTorch's contenders in recurrent.mjs. argv: eager | fused (Adam), then the number of threads."""

import json
import sys
import time

import numpy as np
import torch

STYLE, THREADS = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(THREADS)
state = {}


class Net(torch.nn.Module):
    def __init__(self, job):
        super().__init__()
        make = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[job["layer"]]
        self.rnn = make(job["features"], job["units"], batch_first=True)
        self.head = torch.nn.Linear(job["units"], job["classes"])
        self.sequences = job.get("sequences", False)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.head(out.flatten(0, 1) if self.sequences else out[:, -1])


def setup(message):
    job = message["job"]
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = Net(job)
    optimizer = torch.optim.Adam(model.parameters(), lr=job["learningRate"], **({"fused": True} if STYLE == "fused" else {}))
    entropy = torch.nn.CrossEntropyLoss()
    shape = (job["batch"], job["steps"], job["features"])
    labels = job["batch"] * (job["steps"] if job.get("sequences") else 1)
    batches = [(rng.uniform(-1, 1, shape).astype(np.float32), rng.integers(0, job["classes"], labels)) for _ in range(8)]

    def step(i):
        x, y = batches[i % 8]
        loss = entropy(model(torch.from_numpy(x.copy())), torch.from_numpy(y.copy()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    state["step"] = step
    return {"loss": step(0)}


def run(message):
    step, loss = state["step"], None
    start, busy = time.perf_counter(), time.process_time()
    for i in range(message["steps"]):
        loss = step(i)
    return {"seconds": time.perf_counter() - start, "processorSeconds": time.process_time() - busy, "loss": loss}


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
