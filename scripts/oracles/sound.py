"""Telephone codes by audioop, resampling by torchaudio.functional.resample -> src/data/sound/fixtures;
features by torchaudio's filter banks, DCT and deltas -> src/features/sound/fixtures/features.json.
"""

import audioop

import numpy as np
import torch

torch.version.cuda = None  # Only functions in Python are used: builds for other versions of CUDA will do.
import torchaudio
from torchaudio import functional as F
from common import flat, write

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(8)
VERSIONS = {"torch": torch.__version__, "torchaudio": torchaudio.__version__}


def rounded(values, digits=9):
    return [float(f"{v:.{digits}g}") for v in flat(values)]


def noise(count):
    """Multiples of 1/128: exact in float32 and short."""
    return torch.tensor(rng.integers(-100, 101, count) / 128)


codes = bytes(range(256))
g711 = {name: flat(np.frombuffer(f(codes, 2), np.int16)) for name, f in [("aLaw", audioop.alaw2lin), ("muLaw", audioop.ulaw2lin)]}
write("src/data/sound/fixtures/g711.json", "sound.py", {}, [g711])

cases = []
for source, target, count in [(8000, 16000, 40), (16000, 8000, 61), (44100, 8000, 300), (48000, 44100, 120), (9, 10, 55), (22050, 16000, 90), (16000, 8000, 1)]:
    for attrs in [{}, {"crossings": 16, "rolloff": 0.9}] if count in (40, 61) else [{}]:
        x = noise(count)
        y = F.resample(x, source, target, lowpass_filter_width=attrs.get("crossings", 6), rolloff=attrs.get("rolloff", 0.99))
        cases.append({"from": source, "to": target, "options": attrs, "x": flat(x), "y": rounded(y)})
write("src/data/sound/fixtures/resample.json", "sound.py", VERSIONS, cases)

cases = []


def features(note, x, rate, window, hop, fft, mels, scale, norm, low, high):
    window_values = torch.hann_window(window, periodic=True)
    spectrogram = torchaudio.transforms.Spectrogram(n_fft=fft, win_length=window, hop_length=hop, center=False, power=2.0, window_fn=lambda n: torch.hann_window(n))
    # Frames begin at 0, hop, 2 hop, …; a window shorter than the transform lies in its middle there,
    # which changes phases and not powers, but shifts which samples are seen: so it is padded here.
    frames = x.unfold(0, window, hop)
    padded = torch.nn.functional.pad(frames * window_values, (0, fft - window))
    power = torch.fft.rfft(padded).abs() ** 2
    if window == fft:
        assert torch.allclose(power.T, spectrogram(x)), "frames are those of torchaudio"
    bank = F.melscale_fbanks(fft // 2 + 1, low, high, mels, rate, norm=norm, mel_scale=scale)
    mel = power @ bank
    log_mel = torch.log(torch.clamp(mel, min=1e-10))
    dct = F.create_dct(13, mels, norm="ortho")
    mfcc = log_mel @ dct
    deltas = F.compute_deltas(mfcc.T, win_length=5).T
    cases.append({
        "note": note, "rate": rate, "window": window, "hop": hop, "fft": fft, "mels": mels, "scale": scale,
        "norm": norm, "low": low, "high": high, "x": flat(x),
        "power": rounded(power[:2]), "bank": rounded(bank.T), "logMel": rounded(log_mel), "mfcc": rounded(mfcc), "deltas": rounded(deltas),
    })


features("HTK, whole window", noise(700), 8000, 128, 64, 128, 20, "htk", None, 0.0, 4000.0)
features("Slaney, normed", noise(500), 16000, 128, 50, 128, 16, "slaney", "slaney", 100.0, 7000.0)
features("window shorter than the transform", noise(600), 8000, 100, 40, 128, 13, "slaney", None, 20.0, 3800.0)
write("src/features/sound/fixtures/features.json", "sound.py", VERSIONS, cases)
