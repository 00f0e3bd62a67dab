"""Run by the interpreter of a peer's own environment: one file through clip-video-encode 1.3.0.

    PEER/bin/python tests/benchmarks/peer_clip_video_encode.py VIDEO MODEL WEIGHTS

It prints, as JSON, the frames it embedded, the seconds that took and those of them in which the model was loaded. Its
environment: the packages of requirements.lock, and, without their dependencies (which ask for numpy < 2, torch < 2 and
pyarrow < 8), clip-video-encode 1.3.0, video2numpy, webdataset, braceexpand, ffmpeg, fsspec, pandas, pyarrow,
python-dateutil, pytz, youtube-dl, yt-dlp and fire. With the video2numpy of today it embeds every frame, whatever
take_every_nth says: it gives its arguments in an order that is not theirs any more.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path


def main(video: str, model: str, weights: str) -> None:
    warnings.simplefilter("ignore")
    import numpy as np
    import open_clip
    from clip_video_encode import clip_video_encode

    start = time.perf_counter()
    open_clip.create_model_and_transforms(model, pretrained=weights)
    loading = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        clip_video_encode([video], folder, oc_model_name=model, pretrained=weights)
        seconds = time.perf_counter() - start
        frames = sum(len(np.load(file)) for file in Path(folder).rglob("*.npy"))
    print(json.dumps({"pictures": frames, "seconds": seconds, "loading": loading}))


if __name__ == "__main__":
    main(*sys.argv[1:])
