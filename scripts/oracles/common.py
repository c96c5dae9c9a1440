"""Shared by all oracle scripts: how arrays are written to JSON and where fixtures go."""

import json
import math
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DTYPES = {"float64": "float64", "float32": "float32", "int32": "int32", "int64": "int32", "bool": "bool"}


def number(value):
    """JSON has no NaN or infinities: they are written as strings; whole numbers lose their `.0`."""
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 2**53 and not (value == 0 and math.copysign(1, value) < 0):
        return int(value)
    return value


def numpy_of(value):
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.asarray(value)


def array(value):
    """{shape, dtype, values}: values flat, row-major."""
    value = numpy_of(value)
    return {
        "shape": list(value.shape),
        "dtype": DTYPES[str(value.dtype)],
        "values": [number(v) for v in value.reshape(-1).tolist()],
    }


def flat(value):
    return [number(v) for v in numpy_of(value).reshape(-1).tolist()]


def grid(rng, shape, low=-3.0, high=3.0, step=64):
    """Random multiples of 1/step: exact in float32 and short in JSON."""
    return rng.integers(int(low * step), int(high * step) + 1, size=shape) / step


def write(path, name, versions, cases, **extra):
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    head = {"generator": f"scripts/oracles/{name}", "versions": versions, **extra}
    text = json.dumps(head, allow_nan=False)[:-1] + ', "cases": [\n' + lines + "\n]}\n"
    target.write_text(text)
    print(f"{path}: {len(cases)} cases, {len(text) / 1024:.0f} kB")
