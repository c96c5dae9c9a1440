"""Oracle: merges and encodings of byte-level BPE as Hugging Face's `tokenizers` learns and makes them (pip install
tokenizers==0.22 or later). Writes src/features/text/fixtures/byte-pairs.json."""

import json
import pathlib

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "src/features/text/fixtures/byte-pairs.json"

corpus = [
    "the cat sat on the mat; the rat ate the cat's hat",
    "low lower lowest, new newer newest, wide wider widest",
    "aaaa aaa aa aaaaaaa banana bananas abababab",
    "I'm sure we'll see that they've said she'd go. 12 123 1234 12345",
    "你好，世界。你好，朋友。世界很大，朋友很多。",
    "naïve café über Straße 🙂🙂🙃  two  spaces\n\nand lines\n",
]
texts = [
    "the lowest cat",
    "we'll see 12345 bananas",
    "朋友，你好！",
    "unseen: żółw 🙃  \n x",
    "",
    "aaaaaaaaaaaaaaaaaaaaaaaaa",
]

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(
    corpus,
    trainers.BpeTrainer(
        vocab_size=4 + 256 + 120,
        min_frequency=2,
        special_tokens=["<pad>", "<unknown>", "<begin>", "<end>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    ),
)
vocabulary = tokenizer.get_vocab()
merges = [
    [vocabulary[left], vocabulary[right]]
    for left, right in json.loads(tokenizer.to_str())["model"]["merges"]
]
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text(
    json.dumps(
        {
            "corpus": corpus,
            "size": tokenizer.get_vocab_size(),
            "merges": merges,
            "texts": [{"text": t, "ids": tokenizer.encode(t).ids} for t in texts],
        },
        ensure_ascii=False,
    )
    + "\n"
)
