"""What training tells the model about a scene: its facts as bits, and the right option of each attribute."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.scenes import COUNTS, EXTRAS, FACTS, KINDS, LIGHTS, PLACES, POSES, RIDDEN, Scene, fact_sets

SETS_MAX = 6
FACT_ROW = {fact: row for row, fact in enumerate(FACTS)}
SLOTS: dict[str, tuple[str, ...]] = {
    "kind": (*KINDS, "group", "empty"),
    "age": ("child", "adult"),
    "count": COUNTS,
    "pose": tuple(f"pose:{pose}" for pose in POSES),
    "light": LIGHTS,
    "place": tuple(f"place:{place}" for place in PLACES),
    **{part: tuple(f"{part}:{n}" for n in COLOUR_NAMES) for part in ("colour", "upper", "lower", "umbrella")},
}
YES_OR_NO = (*EXTRAS, "rain", "mono", "rider", "vehicle", "dog")


def fact_bits(facts: frozenset[str]) -> NDArray[np.float32]:
    """A row with a 1 for each fact (facts,)."""
    bits = np.zeros(len(FACTS), np.float32)
    bits[[FACT_ROW[fact] for fact in facts]] = 1
    return bits


def scene_bits(scene: Scene) -> NDArray[np.float32]:
    """The scene's fact sets (SETS_MAX, facts), the first repeated where there are fewer."""
    sets = [fact_bits(facts) for facts in fact_sets(scene)[-SETS_MAX:]]
    return np.stack(sets + sets[:1] * (SETS_MAX - len(sets)))


def scene_labels(scene: Scene) -> NDArray[np.int64]:
    """For each slot the true option's number, or -1 where the scene settles none; then the yes-or-no facts."""
    alone = scene.framing in ("crop", "empty")
    facts = fact_sets(scene)[0]
    if scene.framing == "group":
        facts = frozenset({"group"}) | (fact_sets(scene)[-1] - {"person"})
    labels = []
    for slot, options in SLOTS.items():
        true = [i for i, option in enumerate(options) if option in facts]
        if slot == "kind" and scene.framing == "crop":
            true = [KINDS.index(scene.figures[0].kind)]
        settled = true and (alone or slot in ("kind", "count")) and scene.framing != "wide"
        labels.append(true[0] if settled or (true and slot in ("light", "place")) else -1)
    labels += [int(fact in facts) if alone else -1 for fact in YES_OR_NO]
    return np.array(labels)


def is_upright(scene: Scene) -> bool:
    """Whether a close box around the scene's figure is taller than wide."""
    return scene.framing == "crop" and scene.figures[0].kind in ("person", *RIDDEN)
