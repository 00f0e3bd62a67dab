"""Which files a command means: files as they are, folders with all videos in them, shell patterns."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.refused import as_text, refusal_of
from app.client.refused import Refused

VIDEOS = frozenset("3g2 3gp asf avi m2ts m4v mkv mov mp4 mpeg mpg mts ts vob webm wmv".split())  # noqa: SIM905


@dataclass
class Chosen:
    """`files` in order, each once."""

    files: list[Path] = field(default_factory=list)
    refused: list[tuple[Path, Refused]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)  # in folders: what is no video, by its ending


def choose(named: Iterable[Path], *, any_ending: bool = False) -> Chosen:
    """Files that are named are taken whatever they are called; of folders the videos (`VIDEOS`), or with `any_ending`
    all files; hidden ones never, which file managers and other computers leave there. Links to folders are not gone
    into, so that no folder is seen for ever.
    """
    chosen = Chosen()
    seen: set[Path] = set()
    for path in named:
        found = _matching(path)
        if not found:
            chosen.refused.append((path, Refused("no file is called so; look how it is spelled")))
        for each in found:
            files = _in_folder(each, chosen, any_ending) if os.path.isdir(each) else [each]  # noqa: PTH112 (never raises)
            for file in files:
                if (real := file.resolve()) in seen:
                    continue
                seen.add(real)
                if (shown := as_text(str(file))) == str(file):
                    chosen.files.append(file)
                else:
                    chosen.refused.append((Path(shown), Refused("its name is not text in UTF-8; rename it")))
    return chosen


def _matching(path: Path) -> list[Path]:
    """A pattern that the shell left as it is; the name of a file may look like one."""
    if os.path.lexists(path) or not glob.has_magic(str(path)):
        return [path]
    return sorted(Path(found) for found in glob.glob(str(path), recursive=True))  # noqa: PTH207 (of any folder)


def _in_folder(folder: Path, chosen: Chosen, any_ending: bool) -> Iterator[Path]:
    def unreadable(fault: OSError) -> None:
        chosen.refused.append((Path(fault.filename), refusal_of(fault)))

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            ending = Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if any_ending or ending.removeprefix(".") in VIDEOS:
                yield Path(here, name)
            else:
                chosen.passed_over[as_text(ending) or "without ending"] += 1
