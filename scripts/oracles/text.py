"""Oracle values of text vectorizers from scikit-learn: writes src/classic/text/fixtures/text.json.

Run: python scripts/oracles/text.py   (same bytes at every run)
"""
import json
import pathlib

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.utils import murmurhash3_32

from preprocessing_common import camel, plain

OUT = pathlib.Path(__file__).parents[2] / "src/classic/text/fixtures"

ENGLISH = [
    "This is the first document, and it's short.",
    "This document is the second document; the SECOND one!",
    "And this is the third one: 3 of 12 documents (in part_b).",
    "Is this the first document?  Café, naïve, Ångström — déjà-vu.",
    "",
    "a b c of the I",
]
CHINESE = ["今天天气很好，我们去公园。", "公园里的天气不好", "Node 20 的文档：机器学习 machine learning", "𠀀𠀁 emoji 😀😀 fullwidth ＡＢＣ"]
LONG = ["the cat sat on the mat", "the dog sat on the log", "cats and dogs", "the the the cat", "dog dog cat mat"]


def matrix(x):
    x = sp.csr_array(x)
    x.sum_duplicates()
    x.sort_indices()
    return {"width": x.shape[1], "indptr": x.indptr.tolist(), "indices": x.indices.tolist(), "values": plain(x.data)}


WORDS = {"char_wb": "charWb"}


def case(kind, params, texts, new=None):
    model = kind(**params)
    new = texts if new is None else new
    fitted = model.fit_transform(texts)
    out = model.transform(new)
    got = {
        "estimator": kind.__name__, "texts": texts, "new": new, "out": matrix(out), "fitted": matrix(fitted),
        "params": {camel(k): WORDS.get(v, v) if isinstance(v, str) else list(v) if isinstance(v, tuple) else v for k, v in params.items() if k != "token_pattern"},
    }
    if "token_pattern" in params:
        got["params"]["tokenPattern"] = params["token_pattern"].replace("(?u)", "").replace("\\w", "[\\p{L}\\p{N}_]")
    if kind is not HashingVectorizer:
        got["names"] = model.get_feature_names_out().tolist()
    if hasattr(model, "idf_") and params.get("use_idf", True):
        got["idf"] = plain(model.idf_)
    return got


cases = [
    case(CountVectorizer, {}, ENGLISH, ENGLISH[::-1] + ["unknown words"]),
    case(CountVectorizer, {"lowercase": False, "binary": True}, ENGLISH),
    case(CountVectorizer, {"stop_words": "english"}, ENGLISH),
    case(CountVectorizer, {"stop_words": ["document", "the"], "ngram_range": (1, 2)}, ENGLISH),
    case(CountVectorizer, {"ngram_range": (2, 3)}, ENGLISH),
    case(CountVectorizer, {"token_pattern": r"(?u)\w+"}, ENGLISH),
    case(CountVectorizer, {"token_pattern": r"(?u)(\w)\w*"}, ENGLISH),
    case(CountVectorizer, {"strip_accents": "unicode"}, ENGLISH),
    case(CountVectorizer, {"strip_accents": "ascii"}, ENGLISH + CHINESE),
    case(CountVectorizer, {"analyzer": "char", "ngram_range": (1, 3)}, ENGLISH[:3] + CHINESE),
    case(CountVectorizer, {"analyzer": "char_wb", "ngram_range": (2, 6)}, ENGLISH[:4] + CHINESE),
    case(CountVectorizer, {"analyzer": "char", "ngram_range": (1, 2)}, CHINESE),
    case(CountVectorizer, {}, CHINESE),
    case(CountVectorizer, {"max_df": 0.6, "min_df": 2}, LONG),
    case(CountVectorizer, {"max_df": 3, "min_df": 0.3}, LONG),
    case(CountVectorizer, {"max_features": 3}, LONG),
    case(CountVectorizer, {"vocabulary": ["dog", "cat", "bird"]}, LONG),
    case(TfidfVectorizer, {}, ENGLISH, ["the first café", "nothing known", "third second"]),
    case(TfidfVectorizer, {"sublinear_tf": True, "norm": "l1", "smooth_idf": False}, LONG),
    case(TfidfVectorizer, {"use_idf": False, "norm": None}, LONG),
    case(TfidfVectorizer, {"ngram_range": (1, 2), "min_df": 2, "binary": True}, LONG),
    case(TfidfVectorizer, {"analyzer": "char", "ngram_range": (1, 2)}, CHINESE),
    case(HashingVectorizer, {}, ENGLISH + CHINESE),
    case(HashingVectorizer, {"n_features": 16, "norm": None}, ENGLISH + CHINESE),
    case(HashingVectorizer, {"n_features": 10, "alternate_sign": False, "norm": "l1", "ngram_range": (1, 2)}, LONG),
    case(HashingVectorizer, {"n_features": 2**31 - 2, "norm": None}, LONG),
    case(HashingVectorizer, {"analyzer": "char", "ngram_range": (1, 3), "n_features": 64, "binary": True, "norm": None}, CHINESE),
]
counts = np.array([[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 1, 0]], dtype=float)
for params in ({}, {"norm": "l1"}, {"norm": None}, {"smooth_idf": False}, {"use_idf": False}, {"sublinear_tf": True}):
    model = TfidfTransformer(**params).fit(counts)
    cases.append({"estimator": "TfidfTransformer", "params": {camel(k): v for k, v in params.items()}, "counts": counts.tolist(), "out": matrix(model.transform(counts)), **({"idf": plain(model.idf_)} if params.get("use_idf", True) else {})})
words = ["", "a", "ab", "abc", "abcd", "abcde", "机器学习", "é", "😀", "x" * 100]
cases.append({"estimator": "murmur", "words": words, "hashes": [int(murmurhash3_32(w.encode("utf-8"), seed=0)) for w in words], "seeded": [int(murmurhash3_32(w.encode("utf-8"), seed=42)) for w in words]})

OUT.mkdir(parents=True, exist_ok=True)
lines = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases)
text = f'{{"sklearn":"{sklearn.__version__}","cases":[\n{lines}\n]}}\n'
(OUT / "text.json").write_text(text)
print(f"text.json: {len(cases)} cases, {len(text) / 1024:.0f} kB")
