"""Times one engine on one row in a process of its own, and prints one JSON value.

    python worker.py ENGINE ROW FOLDER THREADS REPEATS

With no repeats it only converts the network for the engine, so that the memory of the conversion is not counted.
"""

import json
import pathlib
import resource
import sys
import time

from engines import engines_of
from rows import ROWS


def main():
    engine, name, folder, threads, repeats = sys.argv[1:]
    row = next(row for row in ROWS if row.name == name)
    run = engines_of(row)[engine](row, pathlib.Path(folder), int(threads))
    if repeats == "0":
        return
    warm = time.perf_counter()
    run()
    while time.perf_counter() - warm < 0.5:
        run()
    times = []
    for _ in range(int(repeats)):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"times_ms": times, "peak_rss_mib": peak}))


if __name__ == "__main__":
    main()
