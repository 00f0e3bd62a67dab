"""Pictures of random scenes, the same for ever: what scores are measured against (`search_index.calibration`).

They were drawn once, by `draw.py`, and are files of this package: a renderer that changes later changes no percentile.
WebP, because its decoding is defined to the bit: the pictures are the same on every machine.
"""
