"""Where embeddings live and are found: segments, scope, exact scan, moments.

Cameras and footage are opaque strings here, instants are integer microseconds of UTC (`_us`).

The contract: encoder, footage_unit, scope, answer, port, errors. What a moment is: moments. Two implementations keep
the contract: `oracle` says in memory what is right; `footage_index` does it on disk. Under the latter, from the disk
up: durable, segment_file, segment (immutable folders), database, catalogue (which of them count), store, merge, upkeep
(the folder and its care), view, selection, scan, score, search (a question to what is there now).
"""
