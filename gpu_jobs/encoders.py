"""The encoder that a setting names, loaded when it is asked for: importing this costs nothing."""

from __future__ import annotations

import msgspec

from gpu_jobs.colours import WithColours
from gpu_jobs.models.card import PLAIN
from gpu_jobs.models.catalogue import templates_of
from gpu_jobs.models.templates import WithTemplates
from search_index.encoder import Encoder, Manifest

AUTO = "auto"


class Precision(msgspec.Struct, frozen=True):
    """The arithmetic of the forward pass, and how it came to it: in words, with figures where it was measured."""

    name: str
    chosen: str


def precision_for(model: str, precision: str, recorded: Manifest | None) -> Precision:
    """What the setting means here: itself; or for "auto" what the index has `recorded` already (rows of one index come
    from one arithmetic), and where it holds nothing yet, whichever is measured now to be the faster on this machine.

    Raises as `load_encoder` does.
    """
    if precision != AUTO:
        return Precision(precision, "as the setting says")
    if recorded is not None:
        return Precision(recorded.precision, "as the index has recorded")
    from gpu_jobs.open_clip_encoder import measured

    name, seconds = measured(model)
    figures = ", ".join(f"{each} {spent * 1000:.1f} ms" for each, spent in seconds.items())
    return Precision(name, f"measured, a batch in: {figures}")


def load_encoder(
    model: str = "offline", precision: str = "float32", *, threads: int = 1, recorded: Manifest | None = None
) -> Encoder:
    """The model that the setting names:

    - `offline`: the one that comes with Oberih, for trying and testing, with `gpu_jobs.colours` beside it;
    - `local-dir:/path`: a folder with open_clip_config.json, open_clip_model.safetensors and what its tokenizer needs;
      with a card in it (`oberih model fetch` makes one), every file is held against the card's digests;
    - `name/tag`: open_clip's architecture and pretrained tag, fetched by open_clip where it is not cached yet;
    - `name:/path/to/weights.safetensors`: open_clip's architecture with weights of one's own.

    Queries are put into the templates of the model's card. `precision`, and what is `recorded` in the index, are as
    `precision_for` has them; the manifest says which it became. `threads` is how many processor cores one forward
    pass uses; several passes on one thread each, as `gpu_jobs.embedding` runs them, outrun one pass on several.

    Raises gpu_jobs.errors.ModelUnavailable, naming what is missing or wrong.
    """
    from gpu_jobs.open_clip_encoder import OpenClipEncoder

    encoder = OpenClipEncoder.load(model, precision_for(model, precision, recorded).name, threads=threads)
    if model == "offline":
        return WithColours(encoder)
    templates = templates_of(model)
    return WithTemplates(encoder, templates) if set(templates) - {PLAIN} else encoder
