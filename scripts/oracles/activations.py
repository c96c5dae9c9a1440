"""Values and gradients of the activations, with Keras 3's parameters -> src/nn/fixtures/activations.json.

Written out in PyTorch float64; Keras 3 must agree to float32's precision.
"""

import numpy as np
from keras_setup import VERSIONS, keras, leaf, torch
from common import array, flat, grid, write

rng = np.random.default_rng(3)
A, F = keras.activations, torch.nn.functional
cases = []


def case(name, ours, theirs, attrs=None, note=None):
    for x in [grid(rng, (3, 5), -4, 4) + 1 / 256, grid(rng, (7,), -1, 1) + 1 / 256, np.array([-30.0, -8.0, 8.0, 30.0])]:
        t = leaf(x)
        y = ours(t)
        upstream = torch.tensor(grid(rng, x.shape, -2, 2, 16))
        (gradient,) = torch.autograd.grad((y * upstream).sum(), t)
        reference = theirs(torch.tensor(x)).detach().numpy()
        assert np.allclose(y.detach().numpy(), reference, rtol=1e-6, atol=1e-7), name
        cases.append({"activation": name, "attrs": attrs or {}, "input": array(x), "output": flat(y), "upstream": flat(upstream),
                      "gradient": flat(gradient), **({"note": note} if note else {})})


def elu(t, alpha):
    return torch.where(t > 0, t, alpha * torch.expm1(t.clamp(max=0)))


softplus = lambda t: torch.logaddexp(t, torch.zeros_like(t))
case("relu", torch.relu, A.relu)
case("leakyRelu", lambda t: F.leaky_relu(t, 0.2), A.leaky_relu, {"negativeSlope": 0.2}, "the function's default; Keras's layer LeakyReLU has 0.3, PyTorch 0.01")
case("leakyRelu", lambda t: F.leaky_relu(t, 0.3), keras.layers.LeakyReLU(), {"negativeSlope": 0.3}, "the layer's default")
case("elu", lambda t: elu(t, 1.0), A.elu)
case("elu", lambda t: elu(t, 0.5), lambda t: A.elu(t, 0.5), {"alpha": 0.5})
case("selu", F.selu, A.selu)
case("gelu", lambda t: F.gelu(t), A.gelu, note="exact (erf), as in Keras 3 and PyTorch")
case("gelu", lambda t: F.gelu(t, approximate="tanh"), lambda t: A.gelu(t, approximate=True), {"approximate": True})
case("silu", F.silu, A.silu)
case("sigmoid", torch.sigmoid, A.sigmoid)
case("tanh", torch.tanh, A.tanh)
case("softplus", softplus, A.softplus)
case("softmax", lambda t: torch.softmax(t, -1), lambda t: torch.softmax(t, -1) if t.dim() == 1 else A.softmax(t))
case("logSoftmax", lambda t: torch.log_softmax(t, -1), lambda t: torch.log_softmax(t, -1) if t.dim() == 1 else A.log_softmax(t))
case("softsign", F.softsign, A.softsign)
case("exponential", torch.exp, A.exponential)
case("hardSigmoid", lambda t: F.relu6(t + 3) / 6, A.hard_sigmoid)
case("relu6", F.relu6, A.relu6)
case("mish", lambda t: t * torch.tanh(softplus(t)), A.mish)
case("linear", lambda t: t * 1, A.linear)
write("src/nn/fixtures/activations.json", "activations.py", VERSIONS, cases)
