"""The comparisons: `python -m bench [NAME …] [--full] [--json]`."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from typing import Protocol

from bench import (
    crash,
    diagnosis,
    dispatch,
    facility,
    growth,
    guidance,
    outbox,
    places,
    races,
    start,
    throughput,
    words,
)
from bench.table import Table


class Bench(Protocol):
    """What a bench module has: its comparisons, short or in full, one table after the other."""

    def tables(self, *, full: bool) -> Iterator[Table]:
        """Measure, and give each table as soon as it is ready."""


BENCHES: dict[str, Bench] = {
    "throughput": throughput,
    "outbox": outbox,
    "growth": growth,
    "start": start,
    "crash": crash,
    "races": races,
    "words": words,
    "guidance": guidance,
    "facility": facility,
    "places": places,
    "dispatch": dispatch,
    "diagnosis": diagnosis,
}


def main() -> int:
    """Run the benches and print their tables, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all")
    parser.add_argument("--full", action="store_true", help="longer runs and more of them")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")

    results: dict[str, list[dict[str, object]]] = {}
    for name in asked.names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        results[name] = []
        for table in BENCHES[name].tables(full=asked.full):
            results[name].append(table.record())
            if not asked.json:
                print(f"\n{table.text()}\n", flush=True)
    if asked.json:
        machine = {"cpus": os.cpu_count(), "python": platform.python_version()}
        profile = "full" if asked.full else "quick"
        print(json.dumps({"profile": profile, "machine": machine, "benches": results}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
