"""Fits the words to the finished picture tower: first the fact table, then the text tower.

While the picture tower learns, a batch holds few scenes and the table runs after moving embeddings. Once the tower
rests, the embeddings of all crops can be kept, and a step over a thousand scenes costs a matrix product: so the table
sees many more things that a query must not find. (Frozen picture tower, tuned text side: LiT, arXiv 2111.07991.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.crop_cache import VIEWS
from gpu_jobs.offline_model.losses import FactTable, match_loss, relevance
from gpu_jobs.offline_model.scenes import Scene, fact_sets
from gpu_jobs.offline_model.truths import fact_bits, scene_bits

TABLE_STEPS, TABLE_BATCH, TABLE_RATE = 600, 1024, 3e-3
TEXT_STEPS, TEXT_BATCH, TEXT_RATE = 700, 192, 1e-3
FEW_FACTS, WHOLE_CAPTIONS = 0.35, 0.4  # of all queries: one or two facts; all of a scene's


def fit_facts(table: FactTable, rows: Tensor, scenes: Sequence[Scene], seed: int, steps: int = TABLE_STEPS) -> None:
    """Fits the table, in place, to unit embeddings (scenes × VIEWS, WIDTH), scene by scene."""
    rng = np.random.default_rng((seed, 8))
    sets = torch.from_numpy(np.stack([scene_bits(scene) for scene in scenes])).to(rows.device)
    scale = nn.Parameter(torch.tensor(math.log(20.0), device=rows.device))
    optimiser = torch.optim.AdamW([*table.parameters(), scale], lr=TABLE_RATE, weight_decay=0)
    for _ in _steps(optimiser, steps, TABLE_RATE):
        chosen = rng.choice(len(scenes), min(TABLE_BATCH, len(scenes)), replace=False)
        crops = rows[torch.from_numpy(chosen * VIEWS + rng.integers(0, VIEWS, len(chosen))).to(rows.device)]
        stated = torch.from_numpy(np.stack([fact_bits(_asked(scenes[i], rng)) for i in chosen])).to(rows.device)
        true = relevance(stated, sets[torch.from_numpy(chosen).to(rows.device)])
        match_loss(table.queries(stated), crops, true, scale.exp().clamp(max=60)).backward()


def _asked(scene: Scene, rng: np.random.Generator) -> frozenset[str]:
    """Facts that somebody may ask for together, and that are true of the scene."""
    if rng.random() >= FEW_FACTS:
        return write_caption(scene, "en", rng, whole=rng.random() < WHOLE_CAPTIONS)[1]
    sets = fact_sets(scene)
    facts = sorted(sets[int(rng.integers(len(sets)))])
    return frozenset(rng.choice(facts, min(len(facts), int(rng.integers(1, 3))), replace=False).tolist())


def fit_text(
    encode: Callable[[Tensor], Tensor],
    parameters: Sequence[nn.Parameter],
    tokenize: Callable[[list[str]], Tensor],
    table: FactTable,
    scenes: Sequence[Scene],
    seed: int,
    steps: int = TEXT_STEPS,
) -> None:
    """Fits the text tower's `parameters`, in place: what a caption says lies where its facts' query lies."""
    rng = np.random.default_rng((seed, 9))
    device = table.vectors.device
    optimiser = torch.optim.AdamW(parameters, lr=TEXT_RATE, weight_decay=0.01)
    for _ in _steps(optimiser, steps, TEXT_RATE):
        chosen = rng.choice(len(scenes), TEXT_BATCH)
        said = [
            write_caption(scenes[i], ("en", "uk")[n % 2], rng, whole=rng.random() < 0.2) for n, i in enumerate(chosen)
        ]
        wanted = torch.from_numpy(np.stack([fact_bits(facts) for _, facts in said])).to(device)
        texts = functional.normalize(encode(tokenize([text for text, _ in said]).to(device)).float(), dim=-1)
        (1 - (texts * table.queries(wanted).detach()).sum(-1)).mean().backward()


def _steps(optimiser: torch.optim.Optimizer, count: int, rate: float) -> Iterator[int]:
    """Counts through the steps; between two of them the optimiser takes what the gradients say."""
    for step in range(count):
        optimiser.zero_grad()
        for group in optimiser.param_groups:
            group["lr"] = rate * (0.502 + 0.5 * math.cos(math.pi * step / count))
        yield step
        optimiser.step()
