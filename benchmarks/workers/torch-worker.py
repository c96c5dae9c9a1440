"""PyTorch's contenders. argv: eager | fused | compiled | channels-last | compiled-channels-last, then the number of threads.

eager: the default Adam. fused: Adam(fused=True). compiled: torch.compile around model and loss, fused Adam.
channels-last: fused Adam, pictures and filters in that layout.
Each step takes fresh NumPy arrays and reads loss.item(), as the others do.
"""

import json
import sys
import time

import numpy as np
import torch

STYLE, THREADS = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(THREADS)
state = {}


def convolution(inputs, filters, size, stride=1, same=False, normalized=False):
    conv = torch.nn.Conv2d(inputs, filters, size, stride, size // 2 if same else 0, bias=not normalized)
    return [conv, torch.nn.BatchNorm2d(filters)] if normalized else [conv]


class Block(torch.nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.body = torch.nn.Sequential(*convolution(inputs, filters, 3, stride, True, True), torch.nn.ReLU(),
                                        *convolution(filters, filters, 3, 1, True, True))
        changed = stride != 1 or inputs != filters
        self.shortcut = torch.nn.Sequential(*convolution(inputs, filters, 1, stride, False, True)) if changed else torch.nn.Identity()

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def picture_net(job):
    height, width, channels = job["picture"]
    layers = []
    for layer in job["layers"]:
        if "convolution" in layer:
            same = layer.get("same", False)
            layers += convolution(channels, layer["convolution"], layer["size"], layer.get("stride", 1), same, layer.get("normalized", False))
            channels = layer["convolution"]
            if not same:
                height, width = height - layer["size"] + 1, width - layer["size"] + 1
        elif "block" in layer:
            layers.append(Block(channels, layer["block"], layer["stride"]))
            channels, height, width = layer["block"], height // layer["stride"], width // layer["stride"]
        elif "maxPool" in layer:
            layers.append(torch.nn.MaxPool2d(layer["maxPool"]))
            height, width = height // layer["maxPool"], width // layer["maxPool"]
        elif "globalAverage" in layer:
            layers += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()]
            height = width = 1
        elif "flatten" in layer:
            layers.append(torch.nn.Flatten())
        elif "dense" in layer:
            layers.append(torch.nn.Linear(height * width * channels, layer["dense"]))
            height, width, channels = 1, 1, layer["dense"]
        if layer.get("relu"):
            layers.append(torch.nn.ReLU())
    net = torch.nn.Sequential(*layers)
    for part in net.modules():
        if isinstance(part, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.xavier_uniform_(part.weight)
            if part.bias is not None:
                torch.nn.init.zeros_(part.bias)
    return net


def setup(message):
    job = message["job"]
    sizes, batch = job["sizes"], job["batch"]
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    layers = []
    layout = torch.channels_last if "channels-last" in STYLE else torch.contiguous_format
    for i in range(1, len(sizes)) if "picture" not in job else []:
        linear = torch.nn.Linear(sizes[i - 1], sizes[i])
        torch.nn.init.xavier_uniform_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        layers.append(linear)
        if i < len(sizes) - 1:
            layers.append(torch.nn.ReLU())
    if "picture" in job:
        height, width, channels = job["picture"]
        model = picture_net(job).to(memory_format=layout)
        shaped = lambda x: x.view(batch, channels, height, width).contiguous(memory_format=layout)
    else:
        model = torch.nn.Sequential(*layers)
        shaped = lambda x: x
    optimizer = torch.optim.Adam(model.parameters(), lr=job["learningRate"], **({} if STYLE == "eager" else {"fused": True}))
    entropy = torch.nn.CrossEntropyLoss()

    def objective(x, y):
        return entropy(model(x), y)

    if STYLE.startswith("compiled"):
        objective = torch.compile(objective)
    batches = [(rng.uniform(-1, 1, (batch, sizes[0])).astype(np.float32), rng.integers(0, sizes[-1], batch)) for _ in range(8)]

    def step(i):
        x, y = batches[i % 8]
        loss = objective(shaped(torch.from_numpy(x.copy())), torch.from_numpy(y.copy()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    state["step"] = step
    return {"loss": step(0), "versions": {"torch": torch.__version__, "python": sys.version.split()[0]}}


def run(message):
    step, loss = state["step"], None
    start = time.perf_counter()
    for i in range(message["steps"]):
        loss = step(i)
    return {"seconds": time.perf_counter() - start, "loss": loss}


def best(work, seconds):
    for _ in range(3):
        work()
    fastest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest


def gemm(message):
    rates = []
    for rows, depth, columns in message["shapes"]:
        a, b = torch.rand(rows, depth), torch.rand(depth, columns)
        out = torch.empty(rows, columns)
        p, q, r = a.numpy(), b.numpy(), np.empty((rows, columns), np.float32)
        fastest = min(best(lambda: torch.mm(a, b, out=out), message["seconds"] / 2), best(lambda: np.matmul(p, q, out=r), message["seconds"] / 2))
        rates.append(2 * rows * depth * columns / fastest)
    return {"rates": rates}


def copy(message):
    """Bytes read plus written a second, for arrays that together are as large as what the optimizer moves."""
    rates = []
    for size in message["bytes"]:
        a, b = torch.rand(max(1, size // 8)), torch.empty(max(1, size // 8))
        p, q = a.numpy(), b.numpy()
        fastest = min(best(lambda: b.copy_(a), message["seconds"] / 2), best(lambda: np.copyto(q, p), message["seconds"] / 2))
        rates.append(8 * len(a) / fastest)
    return {"rates": rates}


COMMANDS = {"setup": setup, "run": run, "gemm": gemm, "copy": copy, "exit": lambda m: {}}
for line in sys.stdin:
    message = json.loads(line)
    try:
        answer = {"ok": True, **COMMANDS[message["command"]](message)}
    except Exception as error:  # the coordinator reports it
        answer = {"ok": False, "error": repr(error)}
    print(json.dumps(answer), flush=True)
    if message["command"] == "exit":
        break
