"""replay_test.py PAWL_SIM: a world is its seed, and a failing one is its script.

Two runs of one seed have one trace, alone or in the middle of a campaign; a script that was printed replays the
failure it is left of, to the byte; which world notices a mutant does not depend on how many processes look.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SEEDS = (3, 8, 21)  # 8 registers its accounts itself
MUTANT = "session.commit_unverified"
CAMPAIGN_FROM, CAMPAIGN = 5, 6  # with 8 in the middle


def run(program: str, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout


def trace(text: str) -> str:
    return re.search(r"trace ([0-9a-f]{16})", text).group(1)


def check_traces(program: str) -> None:
    traces = []
    for seed in SEEDS:
        first = trace(run(program, "--seed", str(seed), "--no-shrink")[1])
        again = trace(run(program, "--seed", str(seed), "--no-shrink")[1])
        assert first == again, f"seed {seed}: {first} and then {again}"
        traces.append(first)
    assert len(set(traces)) == len(SEEDS), "different seeds have one trace"
    # The same worlds in one process, one after the other, are no different, nor in several.
    alone = 0
    for seed in range(CAMPAIGN_FROM, CAMPAIGN_FROM + CAMPAIGN):
        alone ^= int(trace(run(program, "--seed", str(seed), "--no-shrink")[1]), 16)
    for jobs in ("1", "3"):
        status, text = run(program, "--from", str(CAMPAIGN_FROM), "--seeds", str(CAMPAIGN), "--jobs", jobs)
        together = int(re.search(r"^traces ([0-9a-f]{16})$", text, re.MULTILINE).group(1), 16)
        assert status == 0, text
        assert together == alone, f"{jobs} jobs: {together:016x}, the worlds alone: {alone:016x}"


def check_mutant(program: str) -> None:
    said = {jobs: run(program, "--mutant", MUTANT, "--jobs", jobs) for jobs in ("1", "3")}
    assert said["1"][0] == 0, said
    assert said["1"] == said["3"], said


def check_script(program: str, folder: pathlib.Path) -> None:
    for seed in range(1, 60):
        status, text = run(program, "--seed", str(seed), "--mutant", MUTANT)
        if status != 0:
            break
    assert status == 1, "no world notices the mutant"
    failure = text.splitlines()[1].strip()
    script = text.split("--script FILE):\n", 1)[1]
    actions = [line for line in script.splitlines() if re.match(r"\d", line)]
    assert 0 < len(actions) < 15, f"{len(actions)} actions are left"
    (folder / "script").write_text(script)
    replayed = [run(program, "--script", str(folder / "script"), "--mutant", MUTANT, "--no-shrink") for _ in range(2)]
    (status, again), second = replayed
    assert status == 1, again
    assert trace(again) == trace(second[1]), (again, second)
    kind = lambda line: re.sub(r"\d+|\w@", "", line).split(",")[0]
    assert kind(again.splitlines()[1].strip()) == kind(failure), (again, failure)
    status, healthy = run(program, "--script", str(folder / "script"), "--no-shrink")
    assert status == 0, "without the mutant the script still fails: " + healthy
    print(f"seed {seed}: {len(actions)} actions are left of it")


def main() -> None:
    check_traces(sys.argv[1])
    check_mutant(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_script(sys.argv[1], pathlib.Path(folder))


if __name__ == "__main__":
    main()
