"""Trains the offline model on rendered crops: `python -m gpu_jobs.offline_model.train` (`make offline-model`).

The picture tower is a small convolutional network. Two things are matched to it: a text tower, and a table with one
vector for each fact, of which any query that was understood is the normalised sum. Both learn from the exact matrix
of which caption is true of which crop; the two views of a scene are matched to each other as well, for search by
example. A run is fixed by its seed and number of steps; it writes a checkpoint as it goes and resumes from it. It
runs on a GPU where there is one.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
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

from gpu_jobs.offline_model.batches import CROPS_A_BATCH, Batch, Batches
from gpu_jobs.offline_model.crop_cache import VIEWS, build_cache
from gpu_jobs.offline_model.held_out import HeldOut
from gpu_jobs.offline_model.losses import FactTable, label_loss, match_loss, presence_loss, relevance, view_loss
from gpu_jobs.offline_model.scenes import FACTS
from gpu_jobs.offline_model.shape import IMAGE_PX, MEAN, STD, config, side_px
from gpu_jobs.offline_model.tokens import train_tokenizer

TURNED_FIRST = 0.45  # of the scenes, at first: kinds are learnt in any hue, and colours once the kinds are known
RECORDED = ("seed", "blocks", "steps", "rate", "threads")
WARM_UP_STEPS = 150
REPORT_STEPS, SAVE_STEPS, MEASURE_STEPS = 50, 250, 1500


class Trainer:
    """Model, fact table, optimiser and batches of one run."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments, self.folder, self.scratch = arguments, Path(arguments.out), Path(arguments.scratch)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.step, self.spent, self.curve = 0, {"seconds": 0.0, "processor_seconds": 0.0}, list[dict[str, float]]()
        self.began = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(arguments.seed)
        torch.set_num_threads(arguments.threads)
        resumed = (self.scratch / "checkpoint.pt").exists()
        if not (resumed and (self.folder / "bpe.txt.gz").exists()):  # a run that goes on keeps its tokens
            train_tokenizer(self.folder / "bpe.txt.gz", arguments.seed)
        bpe_path = str((self.folder / "bpe.txt.gz").resolve())
        vocabulary = open_clip.tokenizer.SimpleTokenizer(bpe_path=bpe_path).vocab_size
        (self.folder / "open_clip_config.json").write_text(json.dumps(config(vocabulary), indent=1) + "\n")
        where = f"local-dir:{self.folder}"
        model = open_clip.create_model(where, load_weights=False)
        self.model = model.to(self.device, memory_format=torch.channels_last)
        self.tokenizer = open_clip.get_tokenizer(where, bpe_path=bpe_path)
        self.facts = FactTable().to(self.device)
        print("rendering or reading crops", flush=True)
        crops = build_cache(self.scratch, arguments.blocks, arguments.seed, arguments.threads)
        self.batches = Batches(crops, arguments.seed, arguments.blocks, self.tokenizer)
        self.held_out = HeldOut(arguments.seed + 1, arguments.held_out)
        parameters = [*self.model.parameters(), *self.facts.parameters()]
        groups = [{"params": [p for p in parameters if p.ndim >= 2], "weight_decay": 0.05}]
        groups += [{"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.98), fused=True)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        with torch.autocast(self.device, torch.bfloat16):
            crops = self.model.encode_image(batch.pixels).float()
        crops = functional.normalize(crops, dim=-1)
        texts = functional.normalize(self.model.encode_text(batch.tokens), dim=-1)  # too small to gain by bfloat16
        queries, logits = self.facts.queries(batch.stated), self.facts.logits(crops)
        true = relevance(batch.stated, batch.sets).repeat(1, VIEWS)
        may_be = relevance(batch.stated, (batch.sets + batch.unsure[:, None]).clamp(max=1)).repeat(1, VIEWS)
        unsure = may_be > true
        scale = self.model.logit_scale.exp().clamp(max=60)
        present, several = batch.sets.amax(1).repeat(VIEWS, 1), batch.several.repeat(VIEWS)
        words = len(texts)
        return {
            "facts": match_loss(queries, crops, true, unsure, scale),
            "text": 0.5 * match_loss(texts, crops, true[:words], unsure[:words], scale),
            "agree": 2 * (1 - (texts * queries[:words].detach()).sum(-1)).mean(),
            "views": 0.7 * view_loss(crops),
            "labels": 2 * label_loss(logits, batch.labels.repeat(VIEWS, 1)),
            "presence": 2 * presence_loss(logits, present, batch.unsure.repeat(VIEWS, 1), several),
        }

    def run(self) -> None:
        """Trains to the end, from the checkpoint where one lies in the scratch folder."""
        self.resume()
        sums: dict[str, float] = {}
        with ThreadPoolExecutor(1) as ahead:
            following = ahead.submit(self.batch, self.step)
            while self.step < self.arguments.steps:
                batch = following.result()
                following = ahead.submit(self.batch, self.step + 1)
                for name, value in self.update(batch.to(self.device)).items():
                    sums[name] = sums.get(name, 0) + value / REPORT_STEPS
                self.step += 1
                if self.step % REPORT_STEPS == 0:
                    self.report(sums)
                    sums = {}
                if self.step % MEASURE_STEPS == 0 and self.step < self.arguments.steps:
                    self.measure()
                if self.step % SAVE_STEPS == 0:
                    self.save()
        self.measure()
        self.export()
        (self.scratch / "checkpoint.pt").unlink(missing_ok=True)  # the next run begins anew

    def batch(self, step: int) -> Batch:
        done = step / self.arguments.steps
        return self.batches.draw(step, side_px(done), TURNED_FIRST * (1 - done))

    def update(self, batch: Batch) -> dict[str, float]:
        warm, done = min(1.0, (self.step + 1) / WARM_UP_STEPS), self.step / self.arguments.steps
        for group in self.optimiser.param_groups:
            group["lr"] = self.arguments.rate * warm * (0.504 + 0.5 * math.cos(math.pi * done))
        self.model.train()
        self.optimiser.zero_grad()
        losses = self.losses(batch)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_([*self.model.parameters(), *self.facts.parameters()], 5.0)
        self.optimiser.step()
        return {name: value.item() for name, value in losses.items()}

    def time_spent(self) -> dict[str, float]:
        """Wall and processor seconds of the whole run, those before it was resumed too, rendering included."""
        now = time.monotonic() - self.began, sum(os.times()[:4])
        return {name: before + new for (name, before), new in zip(self.spent.items(), now, strict=True)}

    def report(self, losses: dict[str, float]) -> None:
        seconds = self.time_spent()["seconds"]
        left = seconds * (self.arguments.steps / self.step - 1)
        rounded = {name: round(value, 3) for name, value in losses.items()}
        rate = self.step * CROPS_A_BATCH / seconds
        print(f"step {self.step} {rate:.0f} crops/s, {left / 60:.1f} min left:", json.dumps(rounded), flush=True)
        if self.step % SAVE_STEPS == 0:
            self.curve.append({"step": self.step, "minutes": round(seconds / 60, 1)} | rounded)

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_crops(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Unit rows (N, WIDTH) of crops (N, H, W, 3)."""
        self.model.eval()
        rows = []
        for start in range(0, len(crops), 128):
            pixels = torch.from_numpy(crops[start : start + 128]).to(self.device).permute(0, 3, 1, 2).float()
            small = functional.interpolate(pixels, (IMAGE_PX, IMAGE_PX), mode="bilinear", antialias=True)
            rows.append(functional.normalize(self.model.encode_image((small / 255 - MEAN) / STD), dim=-1).cpu())
        return np.asarray(torch.cat(rows).numpy())

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_texts(self, texts: list[str]) -> NDArray[np.float32]:
        self.model.eval()
        rows = self.model.encode_text(self.tokenizer(texts).to(self.device))
        return np.asarray(functional.normalize(rows, dim=-1).cpu().numpy())

    def measure(self) -> None:
        """Adds figures on held-out crops to the curve."""
        vectors = self.facts.vectors.detach().cpu().numpy()
        figures = self.held_out.measure(self.embed_crops, self.embed_texts, dict(zip(FACTS, vectors, strict=True)))
        self.curve.append({"step": self.step} | figures)
        print("held out:", json.dumps(figures), flush=True)

    def export(self) -> None:
        """Writes fp16 weights, the fact table and the run's record to the output folder."""
        state = self.model.state_dict().items()
        halves = {k: (v.half() if v.is_floating_point() else v).cpu().contiguous() for k, v in state}
        save_file(halves, self.folder / "open_clip_model.safetensors")
        table = {name: value.detach().half().cpu() for name, value in self.facts.named_parameters()}
        save_file(table, self.folder / "heads.safetensors", {"facts": " ".join(FACTS)})
        given = " ".join(f"--{name} {getattr(self.arguments, name)}" for name in RECORDED)
        record = {
            "date": datetime.now(UTC).date().isoformat(),
            "command": f"python -m gpu_jobs.offline_model.train {given}",
            "machine": torch.cuda.get_device_name() if self.device == "cuda" else f"{platform.machine()}, CPU",
            "torch": torch.__version__,
            "steps_done": self.step,
            "crops_seen": self.step * CROPS_A_BATCH,
            **{name: round(value) for name, value in self.time_spent().items()},
            "curve": self.curve,
        }
        (self.folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "facts": self.facts.state_dict(), "step": self.step}
        state |= {"run": self.run_key()}
        state |= {"optimiser": self.optimiser.state_dict(), "spent": self.time_spent(), "curve": self.curve}
        torch.save(state, partial := self.scratch / "checkpoint.partial")
        partial.replace(self.scratch / "checkpoint.pt")

    def run_key(self) -> str:
        """What a checkpoint must be of to be gone on with."""
        return " ".join([*(f"{name}={getattr(self.arguments, name)}" for name in RECORDED), *FACTS])

    def resume(self) -> None:
        if (checkpoint := self.scratch / "checkpoint.pt").exists():
            state = torch.load(checkpoint, weights_only=True, map_location=self.device)
            if state["run"] != self.run_key():
                raise SystemExit(
                    f"{checkpoint} is of another run ({state['run']}); remove it, or name another --scratch"
                )
            self.model.load_state_dict(state["model"])
            self.facts.load_state_dict(state["facts"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self.spent, self.curve = state["step"], state["spent"], state["curve"]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    folder = Path(__file__).parent
    parser.add_argument("--scratch", default="build/offline-model", help="folder for rendered crops and checkpoints")
    parser.add_argument("--out", default=str(folder / "weights"))
    parser.add_argument("--rate", type=float, default=1.5e-3)
    for name, default in {"seed": 11, "blocks": 30_000, "held-out": 1000, "steps": 11_500, "threads": 2}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    Trainer(parser.parse_args(argv)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
