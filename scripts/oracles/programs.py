"""The README's two programs over 100 epochs from fixed weights, by Keras 3 (its own fit) and by a PyTorch
loop, float32 and float64 -> src/train/fixtures/programs.json.

`losses[e]` is the loss that epoch e reports: over its one full batch, before that epoch's update.
"""

import numpy as np
from keras_setup import VERSIONS, keras, torch
from common import flat, number, write

EPOCHS = 100
PROGRAMS = {
    "linearRegression": {
        "x": [[1], [2], [3], [4]], "y": [[0], [-1], [-2], [-3]], "xTest": [[5], [6], [7], [8]],
        "kernel": [[0.5]], "bias": [0.25], "loss": "meanSquaredError",
    },
    "logisticRegression": {
        "x": [[1, 2], [3, 4], [5, 6], [7, 8]], "y": [0, 1, 0, 1], "xTest": [[9, 10], [11, 12], [13, 14], [15, 16]],
        "kernel": [[0.25, -0.5], [0.125, 0.375]], "bias": [0.0625, -0.125], "loss": "sparseCategoricalCrossentropy",
    },
}


def by_keras(p, dtype):
    keras.config.set_floatx(dtype)
    k, b = np.array(p["kernel"], dtype), np.array(p["bias"], dtype)
    model = keras.Sequential([keras.layers.Input((k.shape[0],)), keras.layers.Dense(k.shape[1])])
    model.layers[0].set_weights([k, b])
    sparse = p["loss"].startswith("sparse")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True) if sparse else keras.losses.MeanSquaredError()
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss=loss)
    y = np.array(p["y"], "int32" if sparse else dtype)
    history = model.fit(np.array(p["x"], dtype), y, epochs=EPOCHS, verbose=0)
    return history.history["loss"], model.predict(np.array(p["xTest"], dtype), verbose=0), model.layers[0].get_weights()


def by_torch(p, dtype):
    t = getattr(torch, dtype)
    k, b = (torch.tensor(p[n], dtype=t, requires_grad=True) for n in ("kernel", "bias"))
    x = torch.tensor(p["x"], dtype=t)
    sparse = p["loss"].startswith("sparse")
    y = torch.tensor(p["y"], dtype=torch.long if sparse else t)
    f = torch.nn.functional.cross_entropy if sparse else torch.nn.functional.mse_loss
    optimizer = torch.optim.SGD([k, b], lr=0.01)
    losses = []
    for _ in range(EPOCHS):
        loss = f(x @ k + b, y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    with torch.no_grad():
        return losses, torch.tensor(p["xTest"], dtype=t) @ k + b, [k, b]


cases = []
for name, p in PROGRAMS.items():
    results = {}
    for source, run in (("keras", by_keras), ("pytorch", by_torch)):
        for dtype in ("float32", "float64"):
            losses, predictions, weights = run(p, dtype)
            results[source, dtype] = (np.array(losses), np.asarray(predictions))
            cases.append({"program": name, "source": source, "dtype": dtype, **p, "learningRate": 0.01, "epochs": EPOCHS,
                          "losses": [number(v) for v in losses], "predictions": flat(predictions),
                          "finalKernel": flat(weights[0]), "finalBias": flat(weights[1])})
    reference = results["pytorch", "float64"]
    for key, got in results.items():
        print(name, key, "losses", np.abs(got[0] - reference[0]).max(), "predictions", np.abs(got[1] - reference[1]).max())
write("src/train/fixtures/programs.json", "programs.py", VERSIONS, cases)
