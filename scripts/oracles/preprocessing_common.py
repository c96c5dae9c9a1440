"""Shared by the oracle scripts of preprocessing, text and feature selection: values as JSON."""
import numpy as np
import scipy.sparse as sp


def plain(value):
    """Arrays as lists, NaN and None as null, infinities as texts."""
    if sp.issparse(value):
        value = value.toarray()
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()] if value.dtype == object else plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (np.generic,)):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        if np.isnan(value):
            return None
        if np.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return int(value) if value == int(value) and abs(value) < 2**53 else value
    return value


def camel(name):
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
