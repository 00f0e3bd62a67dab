"""All campaigns: `python -m tests.torture [--cycles N] [--cuts N] [--videos N] ...`; a JSON document each."""

from __future__ import annotations

import argparse
import subprocess
import sys


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200, help="kills")
    parser.add_argument("--cuts", type=int, default=50, help="power cuts; a tenth as many for the control that loses")
    parser.add_argument("--videos", type=int, default=2000, help="mutated ones; a quarter as many pictures")
    parser.add_argument("--kills", type=int, default=300, help="of workers that index")
    parser.add_argument("--index-cuts", type=int, default=100, help="power cuts while workers index")
    parser.add_argument("--cases", type=int, default=200, help="damaged files")
    parser.add_argument("--films", type=int, default=100, help="of which some must go and some must stay")
    parser.add_argument("--switches", type=int, default=20, help="of models, with ten kills in each")
    parser.add_argument("--telling-kills", type=int, default=50, help="of a server that tells partners' systems")
    parser.add_argument("--imports", type=int, default=50, help="kills of a server that takes in a register of cameras")
    chosen = parser.parse_args()
    control_cuts = max(2, chosen.cuts // 10)
    campaigns = (
        ("kill_log", "--cycles", chosen.cycles),
        ("kill_server", "--cycles", chosen.cycles),
        ("kill_processes", "--cycles", chosen.cycles),
        ("power_cut", "--cycles", chosen.cuts),
        ("power_cut", "--cycles", control_cuts, "--synchronous", "NORMAL"),
        ("hostile_media", "--videos", chosen.videos, "--images", chosen.videos // 4),
        ("kill_indexing", "--kills", chosen.kills),
        ("cut_indexing", "--cuts", chosen.index_cuts),
        ("damage", "--cases", chosen.cases),
        ("forgetting", "--films", chosen.films),
        ("kill_switch", "--switches", chosen.switches),
        ("kill_webhooks", "--kills", chosen.telling_kills),
        ("kill_import", "--kills", chosen.imports),
    )
    failed = [
        name
        for name, *options in campaigns
        if subprocess.run([sys.executable, "-m", f"tests.torture.{name}", *map(str, options)], check=False).returncode
    ]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
