"""Fixtures that every room uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from argon2 import Parameters
from hypothesis import settings

settings.register_profile("suite", settings.default, deadline=None)  # the machine may be busy
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
FOOTAGE = ROOT.parent / "shared" / "footage"
LONGEST = (
    "tests/torture/",
    "tests/app/test_api_contract.py",
    "tests/app/test_switching.py",
    "tests/gpu_jobs/test_clipping.py",
    "tests/gpu_jobs/offline_model/test_training.py",
    "tests/benchmarks/test_evaluation.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first: of several workers none is alone with one of them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def real_cost() -> Iterator[Parameters]:
    """What a password costs outside of the tests: in them it costs next to nothing, as each house makes a dozen."""
    from app.access import passwords

    real = passwords.COST
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", replace(real, time_cost=1, memory_cost=8, parallelism=1))
        yield real


@pytest.fixture(scope="session", autouse=True)
def one_gate() -> Iterator[None]:
    """The policies of the house are read, checked and parsed by whoever opens it first: that takes half a second, and a
    gate never changes while it stands."""
    from app.access.gate import Gate

    load = Gate.load
    of_the_house = cache(load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "load", lambda folder=None: of_the_house() if folder is None else load(folder))
        yield


@pytest.fixture(scope="session")
def footage_folder() -> Path:
    """The real clips, which are not part of the repository."""
    if not FOOTAGE.is_dir():
        pytest.skip(f"the real clips are absent: {FOOTAGE.name}/ is expected beside the repository")
    return FOOTAGE
