"""JAX on the CPU: the whole Adam step in one jit with donated state; fresh NumPy arrays, float(loss) each step."""

import json
import os
import sys
import time

os.environ["JAX_PLATFORMS"] = "cpu"
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

state = {}


def setup(message):
    job = message["job"]
    sizes, batch, rate = job["sizes"], job["batch"], job["learningRate"]
    rng = np.random.default_rng(1)
    parameters = []
    for n, m in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / (n + m))
        parameters.append((jnp.array(rng.uniform(-limit, limit, (n, m)), jnp.float32), jnp.zeros(m, jnp.float32)))

    def objective(parameters, x, y):
        for i, (k, b) in enumerate(parameters):
            x = x @ k + b
            if i < len(parameters) - 1:
                x = jax.nn.relu(x)
        return -jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], 1).mean()

    def update(parameters, m, v, t, x, y):
        loss, g = jax.value_and_grad(objective)(parameters, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        alpha = rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        parameters = jax.tree.map(lambda p, m, v: p - alpha * m / (jnp.sqrt(v) + 1e-7), parameters, m, v)
        return parameters, m, v, loss

    compiled = jax.jit(update, donate_argnums=(0, 1, 2))
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    held = [parameters, zeros(), zeros(), 0]
    batches = [(rng.uniform(-1, 1, (batch, sizes[0])).astype(np.float32), rng.integers(0, sizes[-1], batch).astype(np.int32)) for _ in range(8)]

    def step(i):
        x, y = batches[i % 8]
        held[3] += 1
        held[0], held[1], held[2], loss = compiled(held[0], held[1], held[2], np.float32(held[3]), x.copy(), y.copy())
        return float(loss)

    state["step"] = step
    return {"loss": step(0), "versions": {"jax": jax.__version__}}


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
