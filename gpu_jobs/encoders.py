"""The encoder that a setting names, loaded when it is asked for: importing this costs nothing."""

from __future__ import annotations

from gpu_jobs.colours import WithColours
from search_index.encoder import Encoder


def load_encoder(model: str = "offline", precision: str = "float32", *, threads: int = 1) -> Encoder:
    """The model that the setting names:

    - `offline`: the one that comes with Oberih, for trying and testing, with `gpu_jobs.colours` beside it;
    - `local-dir:/path`: a folder with open_clip_config.json and open_clip_model.safetensors;
    - `name/tag`: open_clip's architecture and pretrained tag, fetched by open_clip where it is not cached yet;
    - `name:/path/to/weights.safetensors`: open_clip's architecture with weights of one's own.

    `precision` is the arithmetic of the forward pass, "float32" or "bfloat16". `threads` is how many processor cores
    one forward pass uses: several workers of one thread each outrun one worker of several.

    Raises gpu_jobs.errors.ModelUnavailable, naming what is missing or wrong.
    """
    from gpu_jobs.open_clip_encoder import OpenClipEncoder

    encoder = OpenClipEncoder.load(model, precision, threads=threads)
    return WithColours(encoder) if model == "offline" else encoder
