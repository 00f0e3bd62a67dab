"""From a file's bytes to embeddings: decoding in a process of its own, sampling, motion, masking, CLIP, workers."""

import os

# onnxruntime's Linux builds send to their maker what models are loaded on which machine, under an identity that they
# keep in the home directory, from the moment they are imported. From this house nothing is sent.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
