"""The cost of a call from Python and from Java beside the same call from C: ./dev bench bindings.

Every program is run in turn, several times over; what counts is the least time of each figure, in nanoseconds, and how much
more that is than C's. cffi stands beside them, to see what generating the bindings is worth."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROWS = {
    "trivial": "one call on a session (encrypted_size)",
    "encrypt_1k": "encrypt 1 KiB",
    "event": "one event, taken in batches of 256",
    "request": "request and its completion, 10,000 at once",
}

Figures = dict[str, float]
Programs = dict[str, tuple[list[str], dict[str, str]]]


def measured(command: list[str], environment: dict[str, str]) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([*command, folder], env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{run.stdout}{run.stderr}")
    return {name: float(value) for name, value in (line.split() for line in run.stdout.splitlines())}


def java(options: argparse.Namespace, classes: str) -> list[str]:
    """The command that measures org.pawl; empty where it cannot be. Compiled, for a part of it stands in that package."""
    jar, javac = options.build / "java/pawl.jar", Path(options.java).parent / "javac"
    if not (options.java and jar.is_file() and javac.is_file()):
        return []
    sources = sorted(Path(__file__).parent.glob("*.java"))
    subprocess.run([javac, "-cp", jar, "-d", classes, *sources], check=True)
    return [options.java, f"-Dorg.pawl.library.path={options.build / 'java'}", "-cp", f"{classes}:{jar}", "Measure"]


def programs(options: argparse.Namespace, classes: str) -> Programs:
    """{name: (command, environment)}; those whose language is not here are said to be left out."""
    here = Path(__file__).resolve().parent
    python = {"PYTHONPATH": str(options.build / "python")}
    found = {"C": ([str(options.measure)], {})}
    if (options.build / "python/pawl").is_dir():
        found["Python"] = ([sys.executable, str(here / "measure.py")], python)
    if command := java(options, classes):
        found["Java"] = (command, {})
    cffi = [options.cffi_python, str(here / "measure_cffi.py")]
    if subprocess.run([options.cffi_python, "-c", "import cffi"], capture_output=True, check=False).returncode == 0:
        found["cffi"] = (cffi, {"PAWL_LIBRARY": str(options.library)})
    for name in ("Python", "Java", "cffi"):
        if name not in found:
            print(f"{name}: not here, left out", file=sys.stderr)
    return found


def table(best: dict[str, Figures]) -> str:
    names = list(best)
    lines = [f"{'ns':44}" + "".join(f"{name:>10}{'':8}" for name in names)]
    for row, what in ROWS.items():
        floor = best["C"][row]
        cells = ""
        for name in names:
            value = best[name].get(row)
            cells += f"{'-':>10}{'':8}" if value is None else f"{value:>10,.0f}{f'x {value / floor:.2f}':>8}"
        lines.append(f"{what:44}{cells}")
    return "\n".join(lines)


def measure_all(found: Programs, rounds: int) -> dict[str, Figures]:
    """The least of each figure."""
    best: dict[str, Figures] = {}
    for number in range(rounds):
        for name, (command, environment) in found.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            for row, value in measured(command, environment).items():
                mine = best.setdefault(name, {})
                mine[row] = min(value, mine.get(row, value))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench bindings", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each program runs (3)")
    for name in ("build", "measure", "library"):
        parser.add_argument(f"--{name}", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--java", default="", help=argparse.SUPPRESS)
    parser.add_argument("--cffi-python", default="/usr/bin/python3", help="a Python that has cffi (the system's)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as classes:
        print(table(measure_all(programs(options, classes), options.rounds)))


if __name__ == "__main__":
    main()
