"""Fixtures that every room uses."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOOTAGE = ROOT.parent / "shared" / "footage"


@pytest.fixture(scope="session")
def footage_folder() -> Path:
    """The real clips, which are not part of the repository."""
    if not FOOTAGE.is_dir():
        pytest.skip(f"the real clips are absent: {FOOTAGE.name}/ is expected beside the repository")
    return FOOTAGE
