"""The only file that runs models when Oberih runs: the `Encoder` port over an open_clip model.

In bfloat16 the weights themselves are kept so: to convert them at every pass (autocast) took longer than a whole pass
in float32.

A row's bits depend on its picture alone: every forward pass has the same number of places, filled up with zeros.
Measured: with batches of varying size 17 of 64 rows of a ViT-B/32 differed in their last bits; with one size, none of
any model tried differed, at any place, beside any neighbours, on one thread or two.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from safetensors import SafetensorError

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import checked
from gpu_jobs.models.checkpoints import checkpoint_of
from gpu_jobs.models.files import BPE_FILE, CONFIG_FILE, OFFLINE_FOLDER, WEIGHTS_FILE, is_mirrored
from gpu_jobs.models.mirroring import looked_at
from gpu_jobs.offline_model.query import HEADS_FILE, OfflineQueries
from search_index.encoder import Image, Manifest, TextEmbedding, Vectors

BATCH = 16
PRECISIONS = "float32", "bfloat16"
_WORTH_IT = 1.3  # so much faster must bfloat16 be to be taken: it costs some likeness (cosine .9999 of a ViT-B/32)
_WORD = re.compile(r"\w")
_NOT_LOADED = OSError, RuntimeError, ValueError, KeyError, ImportError, SafetensorError


class OpenClipEncoder:
    """One open_clip model. Threads may share it."""

    def __init__(
        self,
        model: Any,
        preprocess: Any,
        tokenizer: Any,
        manifest: Manifest,
        *,
        queries: OfflineQueries | None = None,
        mirrored: bool = False,
        device: str = "cpu",
    ) -> None:
        self._model, self._preprocess, self._tokenizer = model, preprocess, tokenizer
        self._manifest, self._queries, self._mirrored, self._device = manifest, queries, mirrored, device
        self._shape = 3, *_size(preprocess)
        self._numbers = torch.bfloat16 if manifest.precision == PRECISIONS[1] else torch.float32

    @classmethod
    def load(
        cls, model: str = "offline", precision: str = "float32", *, threads: int = 1, device: str = ""
    ) -> OpenClipEncoder:
        """See `gpu_jobs.encoders.load_encoder`; without a `device`, CUDA where there is one.

        Raises gpu_jobs.errors.ModelUnavailable.
        """
        if precision not in PRECISIONS:
            raise ModelUnavailable(f"precision: {precision!r} is not one of {', '.join(PRECISIONS)}, auto")
        device = device or _device()
        torch.set_num_threads(threads)
        torch.backends.cudnn.allow_tf32 = False  # float32 is float32
        name, source, weights, folder = _source(model)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # open_clip leaves its vocabulary file open
                network, preprocess = _network(source, weights, folder=folder)
                digest, dimension = _weights_digest(network), _dimension(network, preprocess)
                if precision == PRECISIONS[1]:  # the digest is of the weights as they are stored
                    network = _network(source, weights, "bf16", folder=folder)[0]
                tokenizer = _tokenizer(source, folder)
                mirrored = folder is not None and is_mirrored(folder)
                queries = OfflineQueries.load(folder) if folder and (folder / HEADS_FILE).is_file() else None
        except _NOT_LOADED as fault:
            raise ModelUnavailable(f"model: {model!r} cannot be loaded: {fault}") from fault
        manifest = Manifest(
            model=name,
            weights_sha256=digest,
            dimension=dimension,
            preprocessing=_in_words(network) + ("; it and its mirror image" if mirrored else ""),
            tokenizer_sha256=_vocabulary_digest(tokenizer),
            precision=precision,
        )
        parts = network.to(device), preprocess, tokenizer, manifest
        return cls(*parts, queries=queries, mirrored=mirrored, device=device)

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Unit vectors (len(images), dimension), float32, in order."""
        rows = [self._batch(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        return np.concatenate([np.empty((0, self._manifest.dimension), np.float32), *rows])

    def embed_text(self, text: str) -> TextEmbedding:
        """A query's unit vector, and its words that the model does not know. Only a model that comes with a reader of
        queries can tell; of others, every word counts as known.

        Of a text of which nothing was understood, the text tower makes what it can; its words are told as unknown, all
        of them where it has only such as "the" and "near".

        Raises ValueError for a text without a word, or with more than the model can take in.
        """
        if not _WORD.search(text):
            raise ValueError("text: there is no word in it; say what to look for")
        if self._queries is None:
            return TextEmbedding(self._text_tower(text), ())
        parsed = self._queries.parse(text)
        vector = self._queries.vector(parsed)
        told = parsed.unknown_words, parsed.read_as, parsed.widened_words
        if vector is None:
            return TextEmbedding(self._text_tower(text), *told, guessed=True)
        return TextEmbedding(vector, *told)

    def _text_tower(self, text: str) -> NDArray[np.float32]:
        tokens = self._tokenizer([text])
        if self._length(text) > tokens.shape[1]:
            raise ValueError(f"text: longer than the {tokens.shape[1]} tokens that this model takes in; shorten it")
        with torch.inference_mode():
            return np.asarray(_unit(self._model.encode_text(tokens.to(self._device)))[0])

    def _length(self, text: str) -> int:
        """How many tokens a text has before any are left off, with those that begin and end it."""
        if isinstance(self._tokenizer, open_clip.SimpleTokenizer):
            return len(self._tokenizer.encode(text)) + 2
        return len(self._tokenizer.tokenizer(self._tokenizer.clean_fn(text)).input_ids)

    def _batch(self, images: Sequence[Image]) -> Vectors:
        """At most BATCH images; the forward pass always has BATCH places."""
        places = torch.zeros(BATCH, *self._shape)
        for place, image in enumerate(images):
            places[place] = self._preprocess(PilImage.fromarray(np.ascontiguousarray(image)))
        given = places.to(self._device, self._numbers)
        with torch.inference_mode():
            return _unit(looked_at(self._model, given, mirrored=self._mirrored)[: len(images)])


def _source(model: str) -> tuple[str, str, str, Path | None]:
    """What a model is called, open_clip's names of it and of its weights, and the folder where all lies if it does."""
    if model == "offline" or model.startswith("local-dir:"):
        folder = OFFLINE_FOLDER if model == "offline" else Path(model.removeprefix("local-dir:"))
        for file in (CONFIG_FILE, WEIGHTS_FILE):
            if not (folder / file).is_file():
                raise ModelUnavailable(f"model: {model!r} lacks {file}; give the folder of a whole model")
        card = checked(folder)
        name = "offline" if model == "offline" else card.name if card else folder.name
        return name, f"local-dir:{folder}", "", folder
    named = checkpoint_of(model)
    return model, named.architecture, named.tag or str(named.weights), None


def _network(source: str, weights: str, precision: str = "fp32", *, folder: Path | None) -> tuple[Any, Any]:
    """The model, and what it does to a picture: made to fit as a whole, for a crop's edges belong to the thing."""
    text = open_clip.get_model_config(source)["text_cfg"]
    if ("hf_model_name" in text or "hf_tokenizer_name" in text) and not importlib.util.find_spec("transformers"):
        raise ModelUnavailable(f"model: {source} reads text with transformers; pip install 'oberih[multilingual]'")
    if weights and not weights.endswith(".safetensors"):
        file = open_clip.download_pretrained(open_clip.get_pretrained_cfg(source, weights))
        if not str(file).endswith(".safetensors"):
            raise ModelUnavailable(
                f"model: of {source}/{weights} there is only {Path(file).name}, a format that can run code; "
                f"carry it converted: oberih model fetch {source}/{weights} FOLDER --convert"
            )
    carried = {}  # open_clip would ask the hub what the text tower looks like
    if folder and "hf_model_name" in text:
        carried["text_cfg"] = {**text, "hf_model_name": str(folder), "hf_model_pretrained": False}
    network, _, preprocess = open_clip.create_model_and_transforms(
        source, pretrained=weights or None, precision=precision, image_resize_mode="longest", **carried
    )
    if "hf_model_name" in text:
        network.text.float()  # open_clip would leave such a tower half converted; it makes no rows
    return network.eval(), preprocess


def measured(model: str) -> tuple[str, dict[str, float]]:
    """Which arithmetic this machine is to use for a model, on one core or the GPU, and the seconds that a batch takes
    in each: the best of three passes, taken in turns. Raises ModelUnavailable."""
    _, source, weights, folder = _source(model)
    device = _device()
    torch.set_num_threads(1)
    try:
        full, preprocess = _network(source, weights, folder=folder)
        half, _ = _network(source, weights, "bf16", folder=folder)
        networks = {PRECISIONS[0]: full.to(device), PRECISIONS[1]: half.to(device)}
    except _NOT_LOADED as fault:
        raise ModelUnavailable(f"model: {model!r} cannot be loaded: {fault}") from fault
    spent: dict[str, list[float]] = {name: [] for name in PRECISIONS}
    places = torch.zeros(BATCH, 3, *_size(preprocess))
    for _ in range(4):  # the first of each only warms up
        for name, network in networks.items():
            given = places.to(device, torch.float32 if name == PRECISIONS[0] else torch.bfloat16)
            start = time.perf_counter()
            with torch.inference_mode():
                network.encode_image(given).float().cpu()
            spent[name].append(time.perf_counter() - start)
    seconds = {name: min(each[1:]) for name, each in spent.items()}
    return (PRECISIONS[1] if seconds[PRECISIONS[0]] > _WORTH_IT * seconds[PRECISIONS[1]] else PRECISIONS[0]), seconds


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _tokenizer(source: str, folder: Path | None) -> Any:
    own = folder / BPE_FILE if folder else None  # open_clip looks for it where the process runs
    return open_clip.get_tokenizer(source, **({"bpe_path": str(own)} if own and own.is_file() else {}))


def _size(preprocess: Any) -> tuple[int, int]:
    probe = preprocess(PilImage.new("RGB", (8, 8)))
    return int(probe.shape[1]), int(probe.shape[2])


def _dimension(network: Any, preprocess: Any) -> int:
    with torch.inference_mode():
        return int(network.encode_image(torch.zeros(1, 3, *_size(preprocess))).shape[1])


def _in_words(network: Any) -> str:
    cfg = open_clip.get_model_preprocess_cfg(network)
    height, width = cfg["size"] if isinstance(cfg["size"], (tuple, list)) else (cfg["size"], cfg["size"])
    mean, deviation = ([round(float(one), 6) for one in cfg[key]] for key in ("mean", "std"))
    fitted = f"RGB, fitted whole into {width} × {height} ({cfg['interpolation']}), the rest black"
    return f"{fitted}, mean {mean}, deviation {deviation}"


def _weights_digest(network: Any) -> str:
    """SHA-256 (hex) over every tensor's name, type, shape and bytes: the same however they are stored."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b"")
    return digest.hexdigest()


def _vocabulary_digest(tokenizer: Any) -> str:
    """SHA-256 (hex) over the vocabulary with its numbers, and the context length."""
    vocabulary = getattr(tokenizer, "encoder", None) or tokenizer.tokenizer.get_vocab()
    listing = [f"{number} {token!r}" for token, number in sorted(vocabulary.items(), key=lambda item: item[1])]
    return hashlib.sha256("\n".join([f"context {tokenizer.context_length}", *listing]).encode()).hexdigest()


def _unit(vectors: Any) -> Vectors:
    rows = vectors.float().cpu().numpy()
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
