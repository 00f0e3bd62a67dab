"""Where embeddings live and are found: segments, scope, exact scan, moments.

Cameras and footage are opaque strings here, instants are integer microseconds of UTC (`_us`).
"""
