"""Learns the offline model's byte-pair merges, in the file format that open_clip's SimpleTokenizer reads."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.scenes import draw_scene

WORD = re.compile(r"[^\W\d_]+|\d|[^\w\s]+")
MERGES_MAX = 2200


def byte_symbols() -> dict[int, str]:
    """The printable character that stands for each byte (GPT-2's table): any text at all can be spelt."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    spare = 256
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(spare)
            spare += 1
    return table


def learn_merges(counts: Counter[str], merges_max: int = MERGES_MAX) -> list[tuple[str, str]]:
    """The merges that join most pairs; counts are damped so that rare words become whole too."""
    symbols = byte_symbols()
    spelt = {word: [symbols[b] for b in word.encode()] for word in counts}
    for parts in spelt.values():
        parts[-1] += "</w>"
    merges: list[tuple[str, str]] = []
    while len(merges) < merges_max:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in spelt.items():
            for pair in pairwise(parts):
                pairs[pair] += round(100 * counts[word] ** 0.5)
        if not pairs:
            break
        best = max(pairs.items(), key=lambda item: (item[1], item[0]))[0]
        merges.append(best)
        for word, parts in spelt.items():
            spelt[word] = _joined(parts, best)
    return merges


def _joined(parts: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    i = 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


def train_tokenizer(path: Path, seed: int, captions: int = 24_000) -> int:
    """Writes the merges learnt from random captions to a gzip file; returns their number."""
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    for i in range(captions):
        text, _ = write_caption(draw_scene(rng), "en" if i % 2 else "uk", rng)
        counts.update(WORD.findall(text.lower()))
    merges = learn_merges(counts)
    body = "#version: 1\n" + "\n".join(" ".join(pair) for pair in merges) + "\n"
    # mtime=0: the same merges give the same bytes.
    path.write_bytes(gzip.compress(body.encode(), mtime=0))
    return len(merges)
