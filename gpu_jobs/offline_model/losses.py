"""What the offline model is taught: the fact table, and the losses over crops, texts and facts.

Contrastive with many right answers: the exact matrix of which caption is true of which crop takes the place of "the
other one of the pair" (CLIP, arXiv 2103.00020; supervised contrastive learning, arXiv 2004.11362).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from gpu_jobs.offline_model.scenes import FACTS
from gpu_jobs.offline_model.shape import WIDTH
from gpu_jobs.offline_model.truths import FACT_ROW, SLOTS, YES_OR_NO


class FactTable(nn.Module):  # type: ignore[misc]
    """One vector for each fact; `queries` turns sets of facts into unit vectors, `logits` reads facts off crops."""

    def __init__(self) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(len(FACTS), WIDTH) * 0.06)
        self.bias = nn.Parameter(torch.zeros(len(FACTS)))

    def queries(self, wanted: Tensor) -> Tensor:
        return functional.normalize(wanted @ self.vectors, dim=-1)

    def logits(self, crops: Tensor) -> Tensor:
        return 10 * crops @ self.vectors.T + self.bias


def relevance(stated: Tensor, sets: Tensor) -> Tensor:
    """Which caption (Q, facts) is true of which scene (N, SETS_MAX, facts): (Q, N) of 0.0 and 1.0."""
    return (torch.einsum("qf,nsf->qns", stated, 1 - sets) == 0).any(-1).float()


def match_loss(queries: Tensor, crops: Tensor, true: Tensor, unsure: Tensor, scale: Tensor) -> Tensor:
    """Contrastive loss with many right answers, both ways; what is `unsure` (Q, N) counts neither for nor against."""
    logits = (scale * queries @ crops.T).masked_fill(unsure, -1e4)
    forth = -(functional.log_softmax(logits, 1) * true).sum(1) / true.sum(1).clamp(min=1)
    back = -(functional.log_softmax(logits.T, 1) * true.T).sum(1) / true.T.sum(1).clamp(min=1)
    return 0.5 * (forth.mean() + back.mean())


def view_loss(crops: Tensor) -> Tensor:
    """The other view of the same scene against all other crops; views are stacked (2 * scenes, WIDTH)."""
    alike = (crops @ crops.T * 20).fill_diagonal_(-1e4)
    return functional.cross_entropy(alike, torch.arange(len(crops), device=crops.device).roll(len(crops) // 2))


def label_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the slots and the yes-or-no facts; the kind, which most questions name, counts thrice."""
    losses = list[Tensor]()
    for column, (slot, options) in enumerate(SLOTS.items()):
        rows = labels[:, column] >= 0
        if rows.any():
            chosen = logits[rows][:, [FACT_ROW[option] for option in options]]
            weight = 3 if slot == "kind" else 1
            losses.append(weight * functional.cross_entropy(chosen, labels[rows, column]))
    known, asked = labels[:, len(SLOTS) :], logits[:, [FACT_ROW[fact] for fact in YES_OR_NO]]
    rows = known[:, 0] >= 0
    losses.append(2 * functional.binary_cross_entropy_with_logits(asked[rows], known[rows].float()))
    return torch.stack(losses).mean()


def presence_loss(logits: Tensor, present: Tensor, unsure: Tensor, several: Tensor) -> Tensor:
    """Mean binary cross-entropy over which facts are true of anybody (N, facts), where a picture shows `several`."""
    if not several.any():
        return logits.sum() * 0
    sure = 1 - unsure[several]
    return functional.binary_cross_entropy_with_logits(logits[several], present[several], weight=sure)
