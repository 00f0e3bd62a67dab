"""Each wall is broken on purpose in a copy of the tree, and its keeper must notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "domain", "projections", "search_index", "gpu_jobs")
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("weights", "__pycache__", "*.png"))
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy2(ROOT / name, copy / name)
    return copy


def run(tree: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / program), *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def planted(tree: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A module with one line in it, gone after the test."""
    place, line = request.param
    path = tree / place
    path.write_text(f'"""A breach."""\n\nfrom __future__ import annotations\n\n{line}\n')
    yield tree
    path.unlink()


IMPORTS = {
    "domain knows the index": ("domain/breach.py", "import search_index.scope"),
    "domain knows HTTP": ("domain/breach.py", "import litestar"),
    "views know video": ("projections/breach.py", "import gpu_jobs.worker"),
    "views know app": ("projections/breach.py", "import app.desk"),
    "index knows the record": ("search_index/breach.py", "import domain.event"),
    "index knows pictures": ("search_index/breach.py", "import cv2"),
    "footage knows the record": ("gpu_jobs/breach.py", "import domain.footage"),
    "footage knows who may ask": ("gpu_jobs/breach.py", "import cedarpy"),
    "app knows faiss": ("app/breach.py", "import faiss"),
    "app knows video": ("app/breach.py", "import av"),
}
LINES = {
    "torch elsewhere": ("app/breach.py", "import torch", "TID251"),
    "eventsourcing elsewhere": ("projections/breach.py", "import eventsourcing", "TID251"),
    "a mock": ("app/breach.py", "from unittest.mock import Mock\n\nprint(Mock)", "TID251"),
    "a clock in the domain": (
        "domain/breach.py",
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)",
        "TID251",
    ),
    "a simulated clock": ("app/breach.py", "from app import clock\n\nTOLD = clock.told_by", "TID251"),
    "the year's clock": ("app/breach.py", "from app.demo.year.clock import simulated\n\nprint(simulated)", "TID251"),
    "an id made in the domain": ("domain/breach.py", "from uuid import uuid4\n\nKEY = uuid4()", "TID251"),
    "a swallowed exception": (
        "app/breach.py",
        "try:\n    VALUE = 1\nexcept Exception:\n    VALUE = 2",
        "BLE001",
    ),
    "a relative import": ("app/breach.py", "from . import desk", "TID252"),
}


def test_the_untouched_copy_passes(tree: Path) -> None:
    assert run(tree, "lint-imports").returncode == 0
    assert run(tree, "ruff", "check", ".").returncode == 0


@pytest.mark.parametrize("planted", IMPORTS.values(), ids=IMPORTS, indirect=True)
def test_import_contracts_notice(planted: Path) -> None:
    said = run(planted, "lint-imports")
    assert said.returncode != 0
    assert "BROKEN" in said.stdout
    assert "breach" in said.stdout


def test_a_circle_inside_a_room_is_noticed(tree: Path) -> None:
    one, other = tree / "domain" / "breach_one.py", tree / "domain" / "breach_other.py"
    one.write_text("import domain.breach_other\n")
    other.write_text("import domain.breach_one\n")
    try:
        assert "circles" in run(tree, "lint-imports").stdout.split("Broken contracts")[-1]
    finally:
        one.unlink()
        other.unlink()


@pytest.mark.parametrize(
    ("planted", "rule"),
    [((place, line), rule) for place, line, rule in LINES.values()],
    ids=LINES,
    indirect=["planted"],
)
def test_lint_notices(planted: Path, rule: str) -> None:
    said = run(planted, "ruff", "check", "--output-format", "concise", ".")
    assert said.returncode != 0
    assert rule in said.stdout


def test_the_type_checker_notices(tree: Path) -> None:
    breach = tree / "domain" / "breach.py"
    breach.write_text('"""A breach."""\n\nCOUNT: int = "three"\n')
    try:
        said = run(tree, "mypy", "domain/breach.py")
        assert said.returncode != 0
        assert "breach.py" in said.stdout
    finally:
        breach.unlink()
