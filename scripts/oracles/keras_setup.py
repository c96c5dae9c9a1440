"""Keras 3 on its torch backend, in float64, on one thread; import this before keras."""

import os

os.environ["KERAS_BACKEND"] = "torch"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import torch  # noqa: E402

torch.set_num_threads(1)
keras.config.set_floatx("float64")

VERSIONS = {"keras": keras.__version__, "torch": torch.__version__}


def leaf(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)
