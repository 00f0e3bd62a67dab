"""What is decoded in threads was worked out before. In processes of their own: what is worked out once is for good."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import Furnished

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = """
    house = opening.enter_context(closing(open_house(folder, encoder=ColourHistograms())))
    from app.api.asgi import create_app
    from app.api.people import AccountAnswer
    create_app(house)
    kinds.append(AccountAnswer)
"""
WORKER = """
    opening.enter_context(open_work(folder, encoder=ColourHistograms()))
"""
# A type that was worked out needs its annotations no more; any other one fails on them.
SCRIPT = """
import sys
from contextlib import ExitStack, closing
from pathlib import Path
import msgspec
from app.at_work import open_work
from app.composition import open_house
from app.struct_types import ROOMS
from domain.event import TOPICS
from domain.personal import Narrative
from gpu_jobs.settings import PipelineSettings
from tests.fakes_gpu import ColourHistograms

folder, kinds = Path(sys.argv[1]), [*TOPICS.values(), Narrative, PipelineSettings]
with ExitStack() as opening:
    {opened}
    unknown = []
    for kind in kinds:
        for each in kind.__mro__:
            if each.__module__.partition(".")[0] in ROOMS:
                fields = each.__dict__.get("__annotations__", {{}})
                fields.update(dict.fromkeys(fields, "NoSuchType"))
    for kind in kinds:
        try:
            msgspec.msgpack.Decoder(kind)
        except NameError:
            unknown.append(kind.__name__)
print(*unknown)
"""


def unknown_when_open(furnished: Furnished, tmp_path: Path, opened: str) -> list[str]:
    folder = shutil.copytree(furnished.folder, tmp_path / "deployment")
    words = [sys.executable, "-c", SCRIPT.format(opened=opened), str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("opened", [SERVER, WORKER], ids=["server", "worker"])
def test_events_words_and_answers_are_worked_out_when_it_is_open(
    furnished: Furnished, tmp_path: Path, opened: str
) -> None:
    assert unknown_when_open(furnished, tmp_path, opened) == []


def test_without_it_they_are_not(furnished: Furnished, tmp_path: Path) -> None:
    assert len(unknown_when_open(furnished, tmp_path, "pass")) > 100
