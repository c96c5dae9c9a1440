"""Twelve steps of every optimizer with stated gradients, and learning-rate schedules
-> src/optim/fixtures/optimizers.json.

Each case gives the parameters after every step. `source: keras` is the convention the library
follows by default; `source: pytorch` shows the other, with a note of where the two part.
"""

import math

import numpy as np
from keras_setup import VERSIONS, keras, torch
from common import flat, grid, number, write

rng = np.random.default_rng(11)
STEPS = 12
W0, B0 = grid(rng, (3, 2), -1, 1), grid(rng, (2,), -1, 1)
GW = [grid(rng, (3, 2), -2, 2) for _ in range(STEPS)]
GB = [grid(rng, (2,), -2, 2) for _ in range(STEPS)]
GW[4][:] = 0  # one step without gradient for one parameter
GW[7] *= 50  # and one explosion, for clipping
cases = []
O = keras.optimizers


def clip_each(gradients, limit=1.0):
    return [g * min(1.0, limit / max(np.sqrt((g**2).sum()), 1e-300)) for g in gradients]


def clip_together(gradients, limit=1.0):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g * min(1.0, limit / norm) for g in gradients]


def by_keras(optimizer, attrs, make, learning_rates=None, note=None, clip=None):
    w, b = keras.Variable(W0, dtype="float64"), keras.Variable(B0, dtype="float64")
    opt = make()
    opt.build([w, b])
    steps = []
    for i in range(STEPS):
        if learning_rates:
            opt.learning_rate = learning_rates[i]
        gradients = [GW[i], GB[i]] if clip is None else clip([GW[i], GB[i]])
        opt.apply([torch.tensor(g) for g in gradients], [w, b])
        steps.append([flat(w.value), flat(b.value)])
    entry = {"optimizer": optimizer, "source": "keras", "attrs": attrs, "steps": steps}
    if opt.use_ema:
        entry["averages"] = [flat(v.value) for v in opt._model_variables_moving_average]
    if learning_rates:
        entry["learningRates"] = learning_rates
    if note:
        entry["note"] = note
    cases.append(entry)


def by_torch(optimizer, attrs, make, note=None, learning_rates=None, before=None):
    w, b = torch.tensor(W0, requires_grad=True), torch.tensor(B0, requires_grad=True)
    opt = make([w, b])
    steps = []
    for i in range(STEPS):
        w.grad, b.grad = torch.tensor(GW[i]), torch.tensor(GB[i])
        if learning_rates:
            opt.param_groups[0]["lr"] = learning_rates[i]
        if before:
            before([w, b])
        opt.step()
        steps.append([flat(w), flat(b)])
    entry = {"optimizer": optimizer, "source": "pytorch", "attrs": attrs, "steps": steps}
    if learning_rates:
        entry["learningRates"] = learning_rates
    if note:
        entry["note"] = note
    cases.append(entry)


FALLING = [0.1 / (1 + i) for i in range(STEPS)]
T = torch.optim
by_keras("sgd", {}, lambda: O.SGD())
by_keras("sgd", {"learningRate": 0.1, "momentum": 0.9}, lambda: O.SGD(0.1, momentum=0.9))
by_keras("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, lambda: O.SGD(0.1, momentum=0.9, nesterov=True))
by_keras("sgd", {"learningRate": 0.1, "weightDecay": 0.05}, lambda: O.SGD(0.1, weight_decay=0.05), note="decoupled: w -= w * learningRate * weightDecay before the update")
by_keras("sgd", {"momentum": 0.9}, lambda: O.SGD(0.1, momentum=0.9), FALLING, note="the rate is inside the velocity: v = momentum * v - rate * g; w += v")
by_torch("sgd", {}, lambda p: T.SGD(p, 0.01), "equal to Keras's")
by_torch("sgd", {"learningRate": 0.1, "momentum": 0.9}, lambda p: T.SGD(p, 0.1, momentum=0.9), "equal to Keras's while the rate is constant")
by_torch("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, lambda p: T.SGD(p, 0.1, momentum=0.9, nesterov=True), "equal to Keras's while the rate is constant")
by_torch("sgd", {"momentum": 0.9}, lambda p: T.SGD(p, 0.1, momentum=0.9), "the rate is outside the velocity: differs from Keras when it changes", FALLING)
by_torch("sgd", {"learningRate": 0.1, "weightDecay": 0.05, "momentum": 0.9}, lambda p: T.SGD(p, 0.1, momentum=0.9, weight_decay=0.05), "coupled (L2 in the gradient): differs from Keras")

by_keras("adam", {}, lambda: O.Adam())
by_keras("adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95}, lambda: O.Adam(0.05, beta_1=0.8, beta_2=0.95))
by_keras("adam", {"learningRate": 0.05, "epsilon": 0.1}, lambda: O.Adam(0.05, epsilon=0.1), note="epsilon-hat of the paper's section 2: w -= rate * sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon)")
by_keras("adam", {"learningRate": 0.05, "amsgrad": True}, lambda: O.Adam(0.05, amsgrad=True))
by_keras("adam", {"learningRate": 0.05, "weightDecay": 0.05}, lambda: O.Adam(0.05, weight_decay=0.05), note="decoupled, as in AdamW")
by_keras("adam", {}, lambda: O.Adam(0.1), FALLING)
by_torch("adam", {"learningRate": 0.05, "epsilon": 1e-8}, lambda p: T.Adam(p, 0.05), "epsilon after bias correction: sqrt(v / (1-b2^t)) + epsilon; equals Keras's to 1e-6 here")
by_torch("adam", {"learningRate": 0.05, "epsilon": 0.1}, lambda p: T.Adam(p, 0.05, eps=0.1), "epsilon after bias correction: differs from Keras")

by_keras("adamw", {}, lambda: O.AdamW())
by_keras("adamw", {"learningRate": 0.05, "weightDecay": 0.1}, lambda: O.AdamW(0.05, weight_decay=0.1))
by_torch("adamw", {"learningRate": 0.05, "weightDecay": 0.1, "epsilon": 1e-8}, lambda p: T.AdamW(p, 0.05, weight_decay=0.1), "epsilon after bias correction; PyTorch's default decay is 0.01, Keras's 0.004")

by_keras("rmsprop", {}, lambda: O.RMSprop())
by_keras("rmsprop", {"learningRate": 0.05, "rho": 0.8}, lambda: O.RMSprop(0.05, rho=0.8))
by_keras("rmsprop", {"learningRate": 0.01, "momentum": 0.9}, lambda: O.RMSprop(0.01, momentum=0.9))
by_keras("rmsprop", {"learningRate": 0.01, "centered": True}, lambda: O.RMSprop(0.01, centered=True))
by_keras("rmsprop", {"learningRate": 0.01, "centered": True, "momentum": 0.5, "epsilon": 0.01}, lambda: O.RMSprop(0.01, centered=True, momentum=0.5, epsilon=0.01), note="epsilon inside the root")
by_torch("rmsprop", {"learningRate": 0.01, "rho": 0.99, "epsilon": 1e-8}, lambda p: T.RMSprop(p, 0.01), "epsilon outside the root; PyTorch's default rho (alpha) is 0.99")
by_torch("rmsprop", {"learningRate": 0.01, "rho": 0.9, "epsilon": 0.01, "momentum": 0.5}, lambda p: T.RMSprop(p, 0.01, alpha=0.9, eps=0.01, momentum=0.5), "epsilon outside the root; rate outside the velocity")

by_keras("adagrad", {}, lambda: O.Adagrad())
by_keras("adagrad", {"learningRate": 0.1, "initialAccumulatorValue": 0.5, "epsilon": 0.01}, lambda: O.Adagrad(0.1, initial_accumulator_value=0.5, epsilon=0.01), note="epsilon inside the root")
by_torch("adagrad", {"learningRate": 0.1, "initialAccumulatorValue": 0, "epsilon": 1e-10}, lambda p: T.Adagrad(p, 0.1), "epsilon outside the root; accumulator starts at 0")

# Clipping by norm is done here in float64: Keras 3.15 on torch rounds the factor to float32.
by_keras("sgd", {"learningRate": 0.1, "clipValue": 0.5}, lambda: O.SGD(0.1, clipvalue=0.5))
by_keras("sgd", {"learningRate": 0.1, "clipNorm": 1.0}, lambda: O.SGD(0.1), clip=clip_each, note="each parameter's own norm")
by_keras("sgd", {"learningRate": 0.1, "globalClipNorm": 1.0}, lambda: O.SGD(0.1), clip=clip_together, note="one norm over all gradients; g * min(1, c / norm)")
by_keras("adam", {"learningRate": 0.05, "globalClipNorm": 1.0}, lambda: O.Adam(0.05), clip=clip_together)
by_torch("sgd", {"learningRate": 0.1, "globalClipNorm": 1.0}, lambda p: T.SGD(p, 0.1), "clip_grad_norm_ divides by norm + 1e-6: equals Keras's to 1e-5", before=lambda p: torch.nn.utils.clip_grad_norm_(p, 1.0))
by_keras("sgd", {"learningRate": 0.1, "useEma": True, "emaMomentum": 0.9}, lambda: O.SGD(0.1, use_ema=True, ema_momentum=0.9), note="averages start at the parameters' first values")
by_keras("sgd", {"learningRate": 0.1, "useEma": True, "emaMomentum": 0.9, "emaOverwriteFrequency": 3}, lambda: O.SGD(0.1, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3))

# ---- schedules -------------------------------------------------------------------------------
schedules = []
S = keras.optimizers.schedules


def keras_schedule(name, attrs, schedule, steps=60, note=None):
    values = [number(float(schedule(i))) for i in range(steps)]
    schedules.append({"schedule": name, "source": "keras", "attrs": attrs, "values": values, **({"note": note} if note else {})})


def torch_schedule(name, attrs, rate, make, steps=60, note=None):
    w = torch.zeros(1, requires_grad=True)
    opt = T.SGD([w], rate)
    scheduler = make(opt)
    values = []
    for _ in range(steps):
        values.append(number(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    schedules.append({"schedule": name, "source": "pytorch", "attrs": attrs, "values": values, **({"note": note} if note else {})})


R = T.lr_scheduler
torch_schedule("step", {"initialLearningRate": 0.1, "stepSize": 10, "gamma": 0.5}, 0.1, lambda o: R.StepLR(o, 10, 0.5))
keras_schedule("piecewiseConstant", {"boundaries": [10, 25], "values": [0.1, 0.05, 0.01]}, S.PiecewiseConstantDecay([10, 25], [0.1, 0.05, 0.01]), note="a boundary still has the value before it")
keras_schedule("exponential", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.9}, S.ExponentialDecay(0.1, 10, 0.9))
keras_schedule("exponential", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.9, "staircase": True}, S.ExponentialDecay(0.1, 10, 0.9, staircase=True))
keras_schedule("inverseTime", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.5}, S.InverseTimeDecay(0.1, 10, 0.5))
keras_schedule("polynomial", {"initialLearningRate": 0.1, "decaySteps": 40, "endLearningRate": 0.01, "power": 2}, S.PolynomialDecay(0.1, 40, 0.01, power=2.0))
keras_schedule("polynomial", {"initialLearningRate": 0.1, "decaySteps": 20, "endLearningRate": 0.0001, "power": 1, "cycle": True}, S.PolynomialDecay(0.1, 20, cycle=True))
keras_schedule("cosine", {"initialLearningRate": 0.1, "decaySteps": 40, "alpha": 0.1}, S.CosineDecay(0.1, 40, alpha=0.1), note="alpha: the last rate as a fraction of the first")
keras_schedule("cosine", {"initialLearningRate": 0, "decaySteps": 40, "warmupTarget": 0.1, "warmupSteps": 10}, S.CosineDecay(0.0, 40, warmup_target=0.1, warmup_steps=10), note="linear warm-up, then cosine over decaySteps")
keras_schedule("cosineRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 10, "tMul": 2, "mMul": 0.5, "alpha": 0.01}, S.CosineDecayRestarts(0.1, 10, t_mul=2.0, m_mul=0.5, alpha=0.01))
keras_schedule("cosineRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 15, "tMul": 1, "mMul": 1, "alpha": 0}, S.CosineDecayRestarts(0.1, 15, t_mul=1.0))
torch_schedule("warmup", {"learningRate": 0.1, "startFactor": 0.1, "warmupSteps": 10}, 0.1, lambda o: R.LinearLR(o, 0.1, 1.0, 10), note="LinearLR: linear from startFactor * rate, then constant")
torch_schedule("oneCycle", {"maxLearningRate": 0.1, "totalSteps": 61, "warmupFraction": 0.3, "divFactor": 25, "finalDivFactor": 1e4}, 0.1, lambda o: R.OneCycleLR(o, 0.1, total_steps=61, cycle_momentum=False), note="OneCycleLR(total_steps=61), cosine, two phases: initial = max/divFactor, final = initial/finalDivFactor at step 60; phase ends at 0.3*61-1 and 60")
torch_schedule("oneCycle", {"maxLearningRate": 0.1, "totalSteps": 50, "warmupFraction": 0.25, "anneal": "linear", "divFactor": 10, "finalDivFactor": 100}, 0.1, lambda o: R.OneCycleLR(o, 0.1, total_steps=50, pct_start=0.25, anneal_strategy="linear", div_factor=10, final_div_factor=100, cycle_momentum=False), steps=49, note="OneCycleLR(total_steps=50), linear")


class Plateau:
    """Drives Keras's callback over stated losses."""

    def __init__(self, losses, **options):
        self.optimizer = O.SGD(0.1)
        callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", **options)
        callback.set_model(self)
        callback.on_train_begin()
        self.values = []
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"loss": loss})
            self.values.append(number(float(self.optimizer.learning_rate)))


falling = [1.0, 0.9, 0.9, 0.9, 0.89995, 0.95, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
for options, attrs in [
    ({"factor": 0.5, "patience": 2}, {"factor": 0.5, "patience": 2}),
    ({"factor": 0.1, "patience": 3, "min_lr": 0.005}, {"factor": 0.1, "patience": 3, "minLearningRate": 0.005}),
    ({"factor": 0.5, "patience": 1, "cooldown": 2}, {"factor": 0.5, "patience": 1, "cooldown": 2}),
    ({"factor": 0.5, "patience": 2, "min_delta": 0.2}, {"factor": 0.5, "patience": 2, "minDelta": 0.2}),
]:
    schedules.append({"schedule": "plateau", "source": "keras", "attrs": {"learningRate": 0.1, **attrs}, "losses": falling,
                      "values": Plateau(falling, **options).values, "note": "rate after each epoch's end"})

write("src/optim/fixtures/optimizers.json", "optimizers.py", VERSIONS, cases,
      initial=[{"shape": [3, 2], "values": flat(W0)}, {"shape": [2], "values": flat(B0)}],
      gradients=[[flat(GW[i]), flat(GB[i])] for i in range(STEPS)], schedules=schedules)
