"""Trains the offline model on rendered crops: `python -m gpu_jobs.offline_model.train --scratch DIR`.

The picture tower is a small convolutional network. Two things are matched to it: a text tower, and a table with one
vector for each fact, of which any query that was understood is the normalised sum. Both learn from the exact matrix
of which caption is true of which crop; the two views of a scene are matched to each other as well, for search by
example. A run is fixed by its seed and number of steps; it writes a checkpoint as it goes and resumes from it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.crop_cache import BLOCK_SCENES, VIEWS, build_cache, draw_block
from gpu_jobs.offline_model.held_out import HeldOut
from gpu_jobs.offline_model.scenes import FACTS
from gpu_jobs.offline_model.shape import IMAGE_PX, MEAN, STD, WIDTH, config, side_px
from gpu_jobs.offline_model.tokens import train_tokenizer
from gpu_jobs.offline_model.truths import FACT_ROW, SLOTS, YES_OR_NO, fact_bits, is_upright, scene_bits, scene_labels

BLOCKS_A_BATCH = 16
RECORDED = ("seed", "steps", "minutes", "blocks", "rate", "threads", "views")


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


def match_loss(queries: Tensor, crops: Tensor, true: Tensor, scale: Tensor) -> Tensor:
    """Contrastive loss with many right answers, both ways."""
    logits = scale * queries @ crops.T
    forth = -(functional.log_softmax(logits, 1) * true).sum(1) / true.sum(1).clamp(min=1)
    back = -(functional.log_softmax(logits.T, 1) * true.T).sum(1) / true.T.sum(1).clamp(min=1)
    return 0.5 * (forth.mean() + back.mean())


def view_loss(crops: Tensor) -> Tensor:
    """The other view of the same scene against all other crops; views are stacked (2 * scenes, WIDTH)."""
    alike = crops @ crops.T * 20
    alike.fill_diagonal_(-1e4)
    return functional.cross_entropy(alike, torch.arange(len(crops)).roll(len(crops) // 2))


def label_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the slots and the yes-or-no facts."""
    losses = list[Tensor]()
    for column, options in enumerate(SLOTS.values()):
        rows = labels[:, column] >= 0
        if rows.any():
            chosen = logits[rows][:, [FACT_ROW[option] for option in options]]
            losses.append(functional.cross_entropy(chosen, labels[rows, column]))
    known, asked = labels[:, len(SLOTS) :], logits[:, [FACT_ROW[fact] for fact in YES_OR_NO]]
    rows = known[:, 0] >= 0
    losses.append(2 * functional.binary_cross_entropy_with_logits(asked[rows], known[rows].float()))
    return torch.stack(losses).mean()


def augmented(crops: NDArray[np.uint8], side: int, rng: np.random.Generator) -> Tensor:
    """Normalised crops (N, 3, side, side), each cut, flipped and exposed anew."""
    count = len(crops)
    pixels = (torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 255 - MEAN) / STD
    zoom, flip = rng.uniform(0.82, 1.02, count), rng.choice((-1.0, 1.0), count)
    affine = np.zeros((count, 2, 3), np.float32)
    affine[:, 0, 0], affine[:, 1, 1] = zoom * flip, zoom * rng.uniform(0.93, 1.07, count)
    affine[:, :, 2] = rng.uniform(-1, 1, (count, 2)) * np.clip(1 - zoom, 0, 1)[:, None]
    grid = functional.affine_grid(torch.from_numpy(affine), [count, 3, side, side], align_corners=False)
    seen = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    gain = torch.from_numpy(rng.uniform(0.85, 1.15, (count, 1, 1, 1)).astype(np.float32))
    lift = torch.from_numpy(rng.normal(0, 0.08, (count, 3, 1, 1)).astype(np.float32))
    return (seen * gain + lift).contiguous(memory_format=torch.channels_last)


def add_bars(pixels: Tensor, upright: NDArray[np.bool_], rng: np.random.Generator) -> None:
    """Blackens, in place, what lies beside half of the crops: a box round a person is narrow, round a car low."""
    side, black = pixels.shape[-1], -MEAN / STD
    for crop, narrow in zip(pixels, upright, strict=True):
        margin = round((1 - rng.uniform(0.5, 0.95)) / 2 * side)
        if rng.random() < 0.5:
            continue
        for bar in (slice(margin), slice(side - margin, side)):
            crop[(..., bar) if narrow else (..., bar, slice(None))] = black


class Trainer:
    """Model, fact table, optimiser and batches of one run."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments, self.folder, self.scratch = arguments, Path(arguments.out), Path(arguments.scratch)
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(arguments.seed)
        torch.set_num_threads(arguments.threads)
        if not (self.folder / "bpe.txt.gz").exists():  # a run that goes on keeps its tokens
            train_tokenizer(self.folder / "bpe.txt.gz", arguments.seed)
        bpe_path = str((self.folder / "bpe.txt.gz").resolve())
        vocabulary = open_clip.tokenizer.SimpleTokenizer(bpe_path=bpe_path).vocab_size
        (self.folder / "open_clip_config.json").write_text(json.dumps(config(vocabulary), indent=1) + "\n")
        where = f"local-dir:{self.folder}"
        self.model = open_clip.create_model(where, load_weights=False).to(memory_format=torch.channels_last)
        self.tokenizer = open_clip.get_tokenizer(where, bpe_path=bpe_path)
        self.facts = FactTable()
        print("rendering or reading crops", flush=True)
        self.crops = build_cache(self.scratch, arguments.blocks, arguments.seed, arguments.threads)
        self.scenes = [s for block in range(arguments.blocks) for s, _ in draw_block(arguments.seed, block)]
        self.held_out = HeldOut(arguments.seed + 1, arguments.held_out)
        parameters = [*self.model.parameters(), *self.facts.parameters()]
        groups = [{"params": [p for p in parameters if p.ndim >= 2], "weight_decay": 0.05}]
        groups += [{"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.98), fused=True)
        self.step, self.seconds, self.curve = 0, 0.0, list[dict[str, float]]()

    def batch(self, step: int, side: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Crops (2B), tokens (B), stated facts (2B), true fact sets (B) and labels (B) of a step."""
        rng = np.random.default_rng((self.arguments.seed, 7, step))
        blocks = rng.choice(self.arguments.blocks, BLOCKS_A_BATCH, replace=False)
        rows = (blocks[:, None] * BLOCK_SCENES + np.arange(BLOCK_SCENES)).ravel()
        scenes = [self.scenes[row] for row in rows]
        crops = np.concatenate([self.crops[rows * VIEWS + view] for view in range(VIEWS)])
        captions = [write_caption(s, ("en", "uk")[i], rng) for i in range(2) for s in scenes]
        # The text tower learns to agree with the facts, for which half of the captions are enough.
        captions = captions[step % 2 :: 2] + captions[1 - step % 2 :: 2]
        tokens = self.tokenizer([text for text, _ in captions[: len(scenes)]])
        stated = torch.from_numpy(np.stack([fact_bits(facts) for _, facts in captions]))
        sets = torch.from_numpy(np.stack([scene_bits(s) for s in scenes]))
        labels = torch.from_numpy(np.stack([scene_labels(s) for s in scenes]))
        pixels = augmented(crops, side, rng)
        add_bars(pixels, np.array([is_upright(s) for s in scenes] * VIEWS), rng)
        return pixels, tokens, stated, sets, labels

    def losses(self, batch: tuple[Tensor, Tensor, Tensor, Tensor, Tensor]) -> dict[str, Tensor]:
        pixels, tokens, stated, sets, labels = batch
        with torch.autocast("cpu", torch.bfloat16):
            crops, texts = self.model.encode_image(pixels), self.model.encode_text(tokens)
        crops, texts = functional.normalize(crops.float(), dim=-1), functional.normalize(texts.float(), dim=-1)
        queries = self.facts.queries(stated)
        true = relevance(stated, sets).repeat(1, VIEWS)
        scale = self.model.logit_scale.exp().clamp(max=60)
        return {
            "facts": match_loss(queries, crops, true, scale),
            "text": 0.5 * match_loss(texts, crops, true[: len(texts)], scale),
            "agree": 2 * (1 - (texts * queries[: len(texts)].detach()).sum(-1)).mean(),
            "views": self.arguments.views * view_loss(crops),
            "labels": label_loss(self.facts.logits(crops), labels.repeat(VIEWS, 1)),
        }

    def progress(self, started: float) -> float:
        """How far the run is, 0..1, by steps or by the minutes it was given, whichever is further."""
        minutes = (self.seconds + time.monotonic() - started) / 60
        return float(max(self.step / self.arguments.steps, minutes / self.arguments.minutes))

    def run(self) -> None:
        """Trains to the end, from the checkpoint where one lies in the scratch folder."""
        self.resume()
        started = time.monotonic()
        next_export = self.arguments.export_minutes * 60
        sums: dict[str, float] = {}
        with ThreadPoolExecutor(1) as ahead:
            following = ahead.submit(self.batch, self.step, side_px(self.progress(started), self.arguments.again))
            while (done := self.progress(started)) < 1:
                batch = following.result()
                following = ahead.submit(self.batch, self.step + 1, side_px(done, self.arguments.again))
                for name, value in self.update(batch, done).items():
                    sums[name] = sums.get(name, 0) + value
                self.step += 1
                if self.step % 50 == 0:
                    self.report(started, done, {name: value / 50 for name, value in sums.items()})
                    sums = {}
                if self.step % 250 == 0:
                    self.save(self.seconds + time.monotonic() - started)
                if time.monotonic() - started > next_export:
                    next_export += self.arguments.export_minutes * 60
                    self.measure()
                    self.export()
        self.seconds += time.monotonic() - started
        self.measure()
        self.export()

    def update(self, batch: tuple[Tensor, Tensor, Tensor, Tensor, Tensor], done: float) -> dict[str, float]:
        warm = min(1.0, (self.step + 1) / 150)
        for group in self.optimiser.param_groups:
            group["lr"] = self.arguments.rate * warm * (0.504 + 0.5 * math.cos(math.pi * done))
        self.model.train()
        self.optimiser.zero_grad()
        losses = self.losses(batch)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_([*self.model.parameters(), *self.facts.parameters()], 5.0)
        self.optimiser.step()
        return {name: value.item() for name, value in losses.items()}

    def report(self, started: float, done: float, losses: dict[str, float]) -> None:
        seconds = self.seconds + time.monotonic() - started
        left = seconds * (1 - done) / max(done, 1e-6)
        rate = self.step * BLOCKS_A_BATCH * BLOCK_SCENES * VIEWS / seconds
        print(f"step {self.step} {rate:.0f} crops/s, {left / 60:.1f} min left:", json.dumps(losses), flush=True)
        if self.step % 250 == 0:
            self.curve.append({"step": self.step, "minutes": round(seconds / 60, 1)} | losses)

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_crops(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Unit rows (N, WIDTH) of crops (N, H, W, 3)."""
        self.model.eval()
        pixels = (torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 255 - MEAN) / STD
        small = functional.interpolate(pixels, (IMAGE_PX, IMAGE_PX), mode="bilinear", antialias=True)
        rows = [functional.normalize(self.model.encode_image(part), dim=-1) for part in small.split(128)]
        return np.asarray(torch.cat(rows).numpy())

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_texts(self, texts: list[str]) -> NDArray[np.float32]:
        self.model.eval()
        return np.asarray(functional.normalize(self.model.encode_text(self.tokenizer(texts)), dim=-1).numpy())

    def measure(self) -> None:
        """Adds figures on held-out crops to the curve."""
        vectors = self.facts.vectors.detach().numpy()
        figures = self.held_out.measure(self.embed_crops, self.embed_texts, dict(zip(FACTS, vectors, strict=True)))
        self.curve.append({"step": self.step} | figures)
        print("held out:", json.dumps(figures), flush=True)

    def export(self) -> None:
        """Writes fp16 weights, the fact table and the run's record to the output folder."""
        state = self.model.state_dict().items()
        halves = {k: (v.half() if v.is_floating_point() else v).contiguous() for k, v in state}
        save_file(halves, self.folder / "open_clip_model.safetensors")
        table = {name: value.detach().half() for name, value in self.facts.named_parameters()}
        save_file(table, self.folder / "heads.safetensors", {"facts": " ".join(FACTS)})
        given = " ".join(f"--{name} {getattr(self.arguments, name)}" for name in RECORDED)
        given += " --again" * self.arguments.again
        record = {
            "date": datetime.now(UTC).date().isoformat(),
            "command": f"python -m gpu_jobs.offline_model.train --scratch DIR {given}",
            "torch": torch.__version__,
            "steps_done": self.step,
            "crops_seen": self.step * BLOCKS_A_BATCH * BLOCK_SCENES * VIEWS,
            "curve": self.curve,
        }
        (self.folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")

    def save(self, seconds: float) -> None:
        state = {"model": self.model.state_dict(), "facts": self.facts.state_dict(), "step": self.step}
        state |= {"optimiser": self.optimiser.state_dict(), "seconds": seconds, "curve": self.curve}
        torch.save(state, partial := self.scratch / "checkpoint.partial")
        partial.replace(self.scratch / "checkpoint.pt")

    def resume(self) -> None:
        if (checkpoint := self.scratch / "checkpoint.pt").exists():
            state = torch.load(checkpoint, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.facts.load_state_dict(state["facts"])
            if self.arguments.again:
                checkpoint.rename(self.scratch / "checkpoint-before.pt")
                return
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self.seconds, self.curve = state["step"], state["seconds"], state["curve"]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", required=True, help="folder for rendered crops and checkpoints")
    parser.add_argument("--out", default=str(Path(__file__).parent / "weights"))
    # The schedule ends after `steps` or `minutes`, whichever comes first; `views` weighs search by example.
    whole = {"seed": 11, "blocks": 14_000, "held-out": 1000, "steps": 6000, "threads": 2}
    broken = {"minutes": 1e9, "export-minutes": 12.0, "rate": 1.5e-3, "views": 0.5}
    for name, default in (whole | broken).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--again", action="store_true", help="a new schedule from the checkpoint's weights")
    Trainer(parser.parse_args(argv)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
