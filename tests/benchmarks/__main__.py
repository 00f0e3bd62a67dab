"""All benchmarks, one after another, each in a process of its own: `python -m tests.benchmarks`."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "bench_log",
    "bench_projector",
    "bench_catch_up",
    "bench_casework",
    "bench_commands",
    "bench_access",
    "bench_search",
    "bench_models",
    "bench_indexing",
    "bench_cameras",
)


def main() -> None:
    failed = []
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
