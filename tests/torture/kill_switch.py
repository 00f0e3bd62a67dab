"""Kill -9 during a switch of models: `python -m tests.torture.kill_switch [--switches N] [--kills N] [--seed N]`.

A house and two workers build a second generation beside the first; one after another is killed at a random moment, the
house too, also in the moment of the swap. After each kill somebody else goes on. When it is over, every row of the new
generation is that of an undisturbed run, the record has one swap, the old generation is off the disk, nothing is left
over, and the house answers with the new one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from app import logs, model_loading, serving, switching
from app.at_work import open_remaking
from app.clockwork import system_meta
from app.composition import open_house
from domain import model
from domain.ids import MODEL_STREAM, SYSTEM_ACTOR, account_id
from domain.log import Change
from domain.model import AcceptModelCard, BeginSwitch, Models
from domain.model_events import GenerationRemoved, SwitchCompleted
from domain.personal import Reason
from domain.sealed import Sealed
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex
from tests.fakes_gpu import CoarseHistograms, ColourHistograms
from tests.torture.indexing_house import Row, digest_of, found, index_undisturbed, record_of, rows_of, unexpected_files
from tests.torture.indexing_process import IDLE_SECONDS, Process, Word, into

COARSE = "local-dir:/coarse"
OLD, NEW = (encoder.manifest.digest() for encoder in (ColourHistograms(), CoarseHistograms()))
FILMS, MINUTES, WORKERS = 3, 4, 2
KILL_SECONDS_MAX = 2.5
END_SECONDS_MAX = 240.0


@dataclass
class Tally:
    switches: int = 0
    kills: int = 0
    rows_compared: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


def load(name: str, precision: str) -> Encoder:
    return CoarseHistograms() if name == COARSE else ColourHistograms()


def worker(folder: Path, words: Path, says: Connection) -> None:
    """`oberih worker`, with models that need no weights."""
    into(words)
    model_loading.load_encoder = load
    serving.POLL_SECONDS = IDLE_SECONDS
    shift = serving._shift

    def told_shift(*given: Any) -> None:
        says.send(tuple(Word("open")))  # from here on it knows the order to end
        shift(*given)

    serving._shift = told_shift
    serving.work(folder)


def house(folder: Path, words: Path, says: Connection) -> None:
    """What `oberih serve` opens, but for the port."""
    into(words)
    logs.configure(readable=False)
    switching.TICK_SECONDS = IDLE_SECONDS
    services = open_house(folder, encoder=ColourHistograms(), load=load)
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    says.send(tuple(Word("open")))
    while not ended:
        services.keeper.wake()
        time.sleep(IDLE_SECONDS)
    services.close()


def begun(folder: Path) -> None:
    """A switch on record, as two administrators would have begun it."""
    manifest = CoarseHistograms().manifest
    accept = AcceptModelCard(
        model=COARSE,
        precision=manifest.precision,
        generation=NEW,
        weights_sha256=manifest.weights_sha256,
        card_sha256="c" * 64,
        licence="MIT",
        by=account_id("admin"),
        reason=Sealed(MODEL_STREAM, Reason("torture")),
    )
    with record_of(folder) as log:
        (accepted,) = model.DECIDER.decide(None, accept)
        state = model.DECIDER.fold([accepted])
        begin = BeginSwitch(from_generation=OLD, to_generation=NEW, by=SYSTEM_ACTOR)
        log.append([Change(MODEL_STREAM, 0, (accepted, *model.DECIDER.decide(state, begin)))], system_meta("torture"))


def run(switches: int, kills: int, seed: int, scratch: Path, *, films: int = FILMS, minutes: int = MINUTES) -> Tally:
    """`kills` in each switch."""
    chance, tally = Random(seed), Tally()
    digests = found(scratch / "new", films, minutes)
    index_undisturbed(scratch / "new")
    begun(scratch / "new")
    undisturbed = _undisturbed(scratch)
    while tally.switches < switches and tally.is_clean:
        folder = shutil.copytree(scratch / "new", scratch / f"switch{tally.switches}")
        _disturb(folder, kills, chance, tally)
        tally.faults += [f"switch {tally.switches}: {fault}" for fault in faults_at_rest(folder, digests, undisturbed)]
        tally.rows_compared += sum(map(len, undisturbed.values()))
        tally.switches += 1
        if tally.is_clean:
            shutil.rmtree(folder)
    return tally


def _undisturbed(scratch: Path) -> dict[str, list[Row]]:
    folder = shutil.copytree(scratch / "new", scratch / "undisturbed")
    with open_remaking(folder, load=load) as opened:
        assert opened is not None
        while opened[0].remake_once():
            pass
    return rows_of(folder, CoarseHistograms())


def _disturb(folder: Path, kills: int, chance: Random, tally: Tally) -> None:
    words = folder.with_suffix(".words")
    targets = [house, *[worker] * WORKERS]
    processes = [Process(target, folder, words) for target in targets]
    deadline, left = time.monotonic() + END_SECONDS_MAX, kills
    try:
        while not (is_over(folder) and not left):
            if time.monotonic() > deadline:
                tally.faults.append(f"switch {tally.switches}: not over in {END_SECONDS_MAX} s")
                break
            time.sleep(chance.uniform(0, KILL_SECONDS_MAX))
            if left:
                left, tally.kills = left - 1, tally.kills + 1
                chance.choice(processes).kill()
            for place, target in enumerate(targets):
                if processes[place].status is not None:
                    processes[place] = Process(target, folder, words)
        for process in processes[::-1]:
            process.hear(30.0)
            if not process.end(30.0):
                tally.faults.append(f"switch {tally.switches}: {process.pid} did not end in order: {process.status}")
    finally:
        for process in processes:
            process.kill()


def is_over(folder: Path) -> bool:
    models = _models(folder)
    return models.switch is None and not models.leaving


def _models(folder: Path) -> Models:
    with record_of(folder) as log:
        return model_loading.models_on_record(log)


def faults_at_rest(folder: Path, digests: list[str], undisturbed: dict[str, list[Row]]) -> Iterator[str]:
    """What is not as after an undisturbed switch, when nothing works on the folder."""
    rows = rows_of(folder, CoarseHistograms())
    for sha256 in digests:
        if digest_of(rows.get(sha256, [])) != digest_of(undisturbed[sha256]):
            yield f"{sha256[:12]}: {len(rows.get(sha256, []))} rows, not the {len(undisturbed[sha256])} undisturbed"
    with FootageIndex(folder / "index", CoarseHistograms().manifest) as index:
        yield from (f"segment {name}: {fault}" for name, fault in index.verify().items())
        if {each.digest() for each in index.manifests()} != {NEW}:
            yield f"generations are {index.manifests()}"
    with record_of(folder) as log:
        events = log.events(MODEL_STREAM)
    for kind in (SwitchCompleted, GenerationRemoved):
        if sum(isinstance(event, kind) for event in events) != 1:
            yield f"{kind.__name__} is on record {sum(isinstance(event, kind) for event in events)} times"
    yield from (f"left over: {name}" for name in unexpected_files(folder, digests))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--switches", type=int, default=20)
    parser.add_argument("--kills", type=int, default=10, help="in each switch")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun_at = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.switches, chosen.kills, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun_at, 1)
    print(json.dumps({"torture": "kill -9 of a switch", "seed": chosen.seed, "seconds": seconds, **asdict(tally)}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
