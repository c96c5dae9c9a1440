"""Attention, transformer blocks, normalisations and focal losses in PyTorch float64, with gradients
-> src/nn/attention/fixtures/attention.json, src/nn/fixtures/norms.json, src/nn/fixtures/focal.json.

Blocks are PyTorch's own modules; rotary and sine encodings and focal losses are written out from their papers.
"""

import numpy as np
import torch
from common import array, flat, grid, write

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(11)
VERSIONS = {"torch": torch.__version__}
nn, F = torch.nn, torch.nn.functional
leaf = lambda value: torch.tensor(value, dtype=torch.float64, requires_grad=True)
X = lambda *shape: grid(rng, shape, -2, 2, 32)


def filled(module):
    """Weights on a grid; those of normalisations around 1."""
    with torch.no_grad():
        for name, p in module.named_parameters():
            p.copy_(torch.tensor(grid(rng, tuple(p.shape), -1, 1, 32)) + (1 if name.endswith("weight") and p.ndim == 1 else 0))
    return module


def attention_weights(m, prefix=""):
    """{our name: (values laid out as ours, how a PyTorch gradient is laid out as ours)}"""
    e = m.embed_dim
    out = {}
    if m._qkv_same_embed_dim:
        for i, part in enumerate(["query", "key", "value"]):
            rows = slice(i * e, (i + 1) * e)
            out[f"{prefix}{part}Kernel"] = (m.in_proj_weight, lambda g, rows=rows: g[rows].T)
    else:
        for part, p in [("query", m.q_proj_weight), ("key", m.k_proj_weight), ("value", m.v_proj_weight)]:
            out[f"{prefix}{part}Kernel"] = (p, lambda g: g.T)
    if m.in_proj_bias is not None:
        for i, part in enumerate(["query", "key", "value"]):
            rows = slice(i * e, (i + 1) * e)
            out[f"{prefix}{part}Bias"] = (m.in_proj_bias, lambda g, rows=rows: g[rows])
    out[f"{prefix}outputKernel"] = (m.out_proj.weight, lambda g: g.T)
    if m.out_proj.bias is not None:
        out[f"{prefix}outputBias"] = (m.out_proj.bias, lambda g: g)
    return out


def linear_weights(l, prefix):
    return {f"{prefix}.kernel": (l.weight, lambda g: g.T), f"{prefix}.bias": (l.bias, lambda g: g)}


def norm_weights(n, prefix):
    return {f"{prefix}.gamma": (n.weight, lambda g: g), f"{prefix}.beta": (n.bias, lambda g: g)}


def case(kind, attrs, inputs, function, weights, masks={}, **extra):
    """inputs: arrays in the order of our forward; function of their tensors -> output."""
    leaves = [leaf(x) for x in inputs]
    y = function(*leaves)
    upstream = torch.tensor(grid(rng, tuple(y.shape), -2, 2, 16))
    params = {id(p): p for p, _ in weights.values()}
    wanted = [*leaves, *params.values()]
    grads = torch.autograd.grad((y * upstream).sum(), wanted)
    of = dict(zip([id(w) for w in wanted], grads))
    return {"layer": kind, "attrs": attrs, "inputs": [array(x) for x in inputs], "masks": {k: array(v) for k, v in masks.items()},
            "weights": {k: array(lay(p)) for k, (p, lay) in weights.items()}, "output": array(y), "upstream": flat(upstream),
            "inputGradients": [flat(of[id(l)]) for l in leaves], "gradients": {k: flat(lay(of[id(p)])) for k, (p, lay) in weights.items()}, **extra}


cases = []
B, T, S, E, H = 2, 3, 4, 4, 2
causal = ~np.tril(np.ones((T, T), bool))
padding = np.array([[1, 1, 0], [1, 1, 1]])

# ---- attention ---------------------------------------------------------------------------------
for attrs, mask, pad in [({}, None, None), ({"useCausalMask": True}, causal, None), ({}, None, padding), ({"useBias": False}, None, None), ({"useCausalMask": True}, causal, padding)]:
    m = filled(nn.MultiheadAttention(E, H, bias=attrs.get("useBias", True), batch_first=True))
    scores = []

    def call(x):
        y, w = m(x, x, x, attn_mask=None if mask is None else torch.tensor(mask), key_padding_mask=None if pad is None else torch.tensor(pad == 0), average_attn_weights=False)
        scores.append(w)
        return y

    made = case("multiHeadAttention", {"numHeads": H, "keyDim": E // H, **attrs}, [X(B, T, E)], call, attention_weights(m), {} if pad is None else {"paddingMask": pad})
    cases.append({**made, "scores": flat(scores[0])})
m = filled(nn.MultiheadAttention(E, H, batch_first=True, kdim=5, vdim=3))
cases.append(case("multiHeadAttention", {"numHeads": H, "keyDim": E // H}, [X(B, T, E), X(B, S, 3), X(B, S, 5)],
                  lambda q, v, k: m(q, k, v, need_weights=False)[0], attention_weights(m)))

# ---- blocks ------------------------------------------------------------------------------------
for first, activation, pad in [(False, "relu", None), (True, "gelu", padding)]:
    m = filled(nn.TransformerEncoderLayer(E, H, 6, dropout=0, activation=activation, batch_first=True, norm_first=first)).train()
    weights = {**attention_weights(m.self_attn, "selfAttention."), **norm_weights(m.norm1, "attentionPart.normalization"),
               **linear_weights(m.linear1, "intermediateDense"), **linear_weights(m.linear2, "outputDense"), **norm_weights(m.norm2, "densePart.normalization")}
    cases.append(case("transformerEncoder", {"intermediateDim": 6, "numHeads": H, "activation": activation, "normalizeFirst": first}, [X(B, T, E)],
                      lambda x: m(x, src_key_padding_mask=None if pad is None else torch.tensor(pad == 0)), weights, {} if pad is None else {"paddingMask": pad}))
for first in [False, True]:
    m = filled(nn.TransformerDecoderLayer(E, H, 6, dropout=0, batch_first=True, norm_first=first)).train()
    weights = {**attention_weights(m.self_attn, "selfAttention."), **norm_weights(m.norm1, "selfAttentionPart.normalization"),
               **attention_weights(m.multihead_attn, "crossAttention."), **norm_weights(m.norm2, "crossAttentionPart.normalization"),
               **linear_weights(m.linear1, "intermediateDense"), **linear_weights(m.linear2, "outputDense"), **norm_weights(m.norm3, "densePart.normalization")}
    pad = np.array([[1, 1, 1, 0], [1, 0, 1, 1]])
    cases.append(case("transformerDecoder", {"intermediateDim": 6, "numHeads": H, "normalizeFirst": first}, [X(B, T, E), X(B, S, E)],
                      lambda x, e: m(x, e, tgt_mask=torch.tensor(causal), memory_key_padding_mask=torch.tensor(pad == 0)), weights, {"encoderPaddingMask": pad}))


# ---- positions ---------------------------------------------------------------------------------
def sine(x):
    n, d = x.shape[1:]
    i = torch.arange(d)
    angles = torch.arange(n)[:, None] * 10000.0 ** (-2 * (i // 2) / d)
    return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles)).expand(x.shape) + 0 * x


def rotary(x):
    n, d = x.shape[-2:]
    angles = torch.arange(n)[:, None] * 10000.0 ** (-2 * torch.arange(d // 2) / d)
    turn = torch.polar(torch.ones_like(angles), angles)
    z = torch.complex(x[..., : d // 2], x[..., d // 2 :]) * turn
    return torch.cat([z.real, z.imag], -1)


cases.append(case("sinePositionEncoding", {}, [X(1, 4, 6)], sine, {}))
cases.append(case("rotaryEmbedding", {}, [X(2, 3, 6)], rotary, {}))
write("src/nn/attention/fixtures/attention.json", "attention.py", VERSIONS, cases)

# ---- normalisations ----------------------------------------------------------------------------
norms = []
last = lambda f: lambda x: f(x.movedim(-1, 1)).movedim(1, -1)
for shape, groups in [((2, 3, 2, 4), 2), ((2, 6), 3), ((2, 3, 4), 4)]:
    m = filled(nn.GroupNorm(groups, shape[-1], eps=1e-3))
    norms.append(case("groupNormalization", {"groups": -1 if groups == 4 else groups}, [X(*shape)], last(m), {"gamma": (m.weight, lambda g: g), "beta": (m.bias, lambda g: g)}))
m = filled(nn.GroupNorm(2, 4, eps=1e-5))
norms.append(case("groupNormalization", {"groups": 2, "axis": 1, "epsilon": 1e-5}, [X(2, 4, 3)], m, {"gamma": (m.weight, lambda g: g), "beta": (m.bias, lambda g: g)}))
m = filled(nn.RMSNorm(5, eps=1e-6))
norms.append(case("rmsNormalization", {}, [X(2, 3, 5)], m, {"scale": (m.weight, lambda g: g)}))
norms.append(case("unitNormalization", {}, [X(3, 4) + 1 / 64], lambda x: F.normalize(x, dim=-1), {}))
write("src/nn/fixtures/norms.json", "attention.py", VERSIONS, norms)

# ---- focal losses ------------------------------------------------------------------------------
focal = []


def binary(t, p, logits, smoothing, gamma, balance):
    t = t * (1 - smoothing) + smoothing / 2
    q = torch.sigmoid(p) if logits else p
    ce = F.binary_cross_entropy(q, t, reduction="none")
    pt = t * q + (1 - t) * (1 - q)
    values = (1 - pt) ** gamma * ce
    return (values * (t * 0.25 + (1 - t) * 0.75) if balance else values).mean()


def categorical(t, p, logits, smoothing, gamma, _):
    t = t * (1 - smoothing) + smoothing / t.shape[-1]
    q = torch.softmax(p, -1) if logits else p / p.sum(-1, keepdim=True)
    return (-(0.25 * (1 - q) ** gamma * t * q.log()).sum(-1)).mean()


for name, f in [("binaryFocalCrossentropy", binary), ("categoricalFocalCrossentropy", categorical)]:
    for logits, smoothing, gamma, balance in [(False, 0, 2, False), (True, 0, 2, True), (True, 0.25, 1.5, False), (False, 0.5, 0, True)]:
        p = leaf(X(4, 3) if logits else grid(rng, (4, 3), 0.125, 0.875, 32))
        t = (rng.random((4, 3)) < 0.5).astype(float) if f is binary else np.eye(3)[[0, 2, 1, 2]]
        value = f(torch.tensor(t), p, logits, smoothing, gamma, balance)
        gradient, = torch.autograd.grad(value, p)
        options = {"fromLogits": logits, "labelSmoothing": smoothing, "gamma": gamma, **({"applyClassBalancing": balance} if f is binary else {})}
        focal.append({"loss": name, "options": options, "yTrue": array(t), "yPred": array(p), "value": value.item(), "gradient": flat(gradient)})
write("src/nn/fixtures/focal.json", "attention.py", VERSIONS, focal)
