"""From a file's bytes to embeddings: decoding in a process of its own, sampling, motion, masking, CLIP, workers."""
