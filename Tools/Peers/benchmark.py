"""Times `segment` and other engines on the same rows, in turn, and prints a table with ratios.

Each round runs every engine once, in a process of its own, so that a slow minute of the machine hits all alike; the
table has the median over all rounds, the ratio of the fastest other engine to this program, what this program means to
reach, and the peak memory of both.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

from engines import INFERENCE, engines_of
from rows import ROWS

FOLDER = pathlib.Path(__file__).resolve().parent


def ours(segment, row, threads, repeats):
    """Median milliseconds and peak memory of this program."""
    command = [segment, "benchmark", *row.segment_arguments(), "--threads", str(threads)]
    result = subprocess.run(
        command + ["--repeats", str(repeats), "--json"], capture_output=True, text=True, check=True)
    value = json.loads(result.stdout)
    return value["median_ms"], value["peak_rss_mib"]


def theirs(engine, row, folder, threads, repeats):
    """The same of another engine; `None` where it was only to convert the network."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    result = subprocess.run(
        [sys.executable, FOLDER / "worker.py", engine, row.name, folder, str(threads), str(repeats)],
        capture_output=True, text=True, env=environment)
    if result.returncode:
        lines = result.stderr.strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"exit status {result.returncode}")
    if not repeats:
        return None
    value = json.loads(result.stdout.strip().splitlines()[-1])
    return statistics.median(value["times_ms"]), value["peak_rss_mib"]


def measure(row, arguments, folder):
    """The median and the peak memory of each engine that can do the row; ours is `tessera`."""
    engines = ["tessera", *engines_of(row)]
    times, peaks = {engine: [] for engine in engines}, dict.fromkeys(engines, 0)
    # The first round converts; engines then take turns in another order each time.
    for number in range(arguments.rounds + 1):
        for engine in engines[number % len(engines):] + engines[:number % len(engines)]:
            if engine not in times:
                continue
            try:
                if engine == "tessera":
                    found = number and ours(arguments.segment, row, arguments.threads, arguments.repeats)
                else:
                    found = theirs(engine, row, folder, arguments.threads, number and arguments.repeats)
            except (RuntimeError, subprocess.CalledProcessError) as error:
                if engine == "tessera":
                    raise
                print(f"  {engine} cannot: {error}", file=sys.stderr)
                del times[engine]
                continue
            if found:
                times[engine].append(found[0])
                peaks[engine] = max(found[1], peaks[engine])
                print(f"  round {number}, {engine}: {found[0]:.1f} ms", file=sys.stderr)
    return {engine: statistics.median(values) for engine, values in times.items()}, peaks


def line(row, medians, peaks):
    """A row of the table, in Markdown."""
    others = {engine: value for engine, value in medians.items() if engine != "tessera"}
    fastest = min(others, key=others.get)
    cells = [row.title, f"{medians['tessera']:.1f}"]
    for engine in INFERENCE:
        text = f"{others[engine]:.1f}" if engine in others else ""
        cells.append(f"**{text}**" if engine == fastest else text)
    cells.append(f"{others[fastest] / medians['tessera']:.2f}×")
    cells.append(f"{row.goal:.1f}×")
    cells.append(f"{peaks['tessera']:.0f} / {peaks[fastest]:.0f}")
    return "| " + " | ".join(cells) + " |"


def versions():
    """The versions of the engines."""
    packages = ["torch", "torchvision", "onnxruntime", "openvino", "opencv-python-headless", "ncnn"]
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((text.split(":")[1].strip() for text in file if text.startswith("model name")), "unknown")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segment", required=True, help="the program")
    parser.add_argument("--quick", action="store_true", help="only the U-Net, ResNet-50 and training rows")
    parser.add_argument("--rows", help="names of rows, with commas between them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5, help="timed runs in a round, after one that is not")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--output", type=pathlib.Path, help="a Markdown file for the table")
    arguments = parser.parse_args()
    listed = subprocess.run([arguments.segment, "models", "--json"], capture_output=True, text=True, check=True)
    text = listed.stdout
    rows = [row for row in ROWS if not arguments.quick or row.quick]
    if arguments.rows:
        names = arguments.rows.split(",")
        rows = [row for row in ROWS if row.name in names]
        unknown = set(names) - {row.name for row in ROWS}
        if unknown:
            parser.error(f"--rows: expected some of {', '.join(row.name for row in ROWS)}, found {', '.join(unknown)}")
    table = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            if f'"{row.model}"' not in text:
                print(f"{row.title}: not a network of this program yet", file=sys.stderr)
                continue
            print(row.title, file=sys.stderr)
            medians, peaks = measure(row, arguments, folder)
            if len(medians) > 1:
                table.append(line(row, medians, peaks))
    head = ["work", "Tessera", *INFERENCE, "ratio", "goal", "MiB, ours / fastest other"]
    report = "\n".join([
        f"{processor()}, {arguments.threads} threads, {platform.system()}, {datetime.date.today()}; "
        f"median milliseconds of {arguments.rounds} rounds, 32-bit floats. {versions()}.",
        "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head), *table])
    print(report)
    if arguments.output:
        arguments.output.write_text(report + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
