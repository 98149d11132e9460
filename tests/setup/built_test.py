"""What set-up builds and keeps: one tree for each tarball and recipe, whole, and the one that CMake takes."""

import os
import signal
import subprocess
import unittest
from pathlib import Path

from checkout import SOURCE, Case

BUILD = "need_built toy PAWL_TOY_TARBALL"
ASK_CMAKE = """
set(PROJECT_SOURCE_DIR "{root}")
include("{source}/cmake/PawlCache.cmake")
_pawl_cached(toy prefix)
file(WRITE "{root}/answer" "${{prefix}}")
"""


class BuiltTest(Case):
    def found_by_cmake(self) -> str:
        script = self.root / "ask.cmake"
        script.write_text(ASK_CMAKE.format(root=self.root, source=SOURCE))
        subprocess.run(["cmake", "-P", script], env=self.environment(), check=True, timeout=100)
        return (self.root / "answer").read_text()

    def test_cmake_takes_the_tree_of_todays_recipe_and_no_other(self) -> None:
        self.run_script(BUILD)
        (first,) = self.trees()
        self.assertEqual(self.found_by_cmake(), str(first))
        self.recipe('echo better >"$2/toy"')
        self.assertEqual(self.found_by_cmake(), "", "a tree of an older recipe was taken")
        self.run_script(BUILD)
        (second,) = set(self.trees()) - {first}
        self.assertEqual(self.found_by_cmake(), str(second))
        self.assertEqual((second / "toy").read_text(), "better\n")

    def test_cmake_does_not_take_the_tree_of_a_tarball_that_left_the_list(self) -> None:
        self.run_script(BUILD)
        other = self.root / "other"
        other.write_text("another release")
        self.accept("1.1", other)
        self.assertEqual(self.found_by_cmake(), "")

    def test_another_compiler_makes_a_tree_of_its_own(self) -> None:
        self.run_script(BUILD)
        programs = self.root / "programs"
        programs.mkdir()
        (programs / "cc").write_text("#!/bin/sh\necho cc of tomorrow\n")
        (programs / "cc").chmod(0o755)
        self.run_script(BUILD, PATH=f"{programs}:{os.environ['PATH']}")
        self.assertEqual(len(self.trees()), 2)

    def test_a_build_folder_looks_again_when_the_list_or_a_recipe_changes(self) -> None:
        rules = Path(os.environ["PAWL_BUILD"], "build.ninja").read_text()
        again = next(line for line in rules.splitlines() if line.startswith("build build.ninja:"))
        for name in ("tarballs.txt", "recipe-libsodium.sh", "built.sh"):
            self.assertTrue(f"/tools/setup/{name} " in again, f"{name} is changed, and nobody looks")

    def test_two_at_once_build_one_tree_once(self) -> None:
        self.recipe(f'echo building >>"{self.root}/runs"; until [ -e "{self.root}/both" ]; do sleep 0.1; done; cp "$1/toy" "$2/"')
        # The second is let in once it stands before what the first has locked, or is in there, too.
        first = self.started(BUILD)
        self.addCleanup(first.stdout.close)
        while not (self.root / "runs").exists():
            self.assertIsNone(first.poll(), "it ended without building")
        second = self.started(f'flock() {{ touch "{self.root}/both"; command flock "$@"; }}\n'
                              f'logged() {{ touch "{self.root}/both"; quietly_logged "$@"; }}\n{BUILD}')
        said = second.communicate(timeout=100)[0]
        self.assertEqual([first.wait(timeout=100), second.returncode], [0, 0], said)
        self.assertEqual((self.root / "runs").read_text(), "building\n")
        (tree,) = self.trees()
        self.assertEqual({it.name for it in tree.iterdir()}, {"toy", ".complete"})

    def test_what_a_killed_set_up_left_is_cleared_away(self) -> None:
        self.recipe(f'touch "$2/half"; touch "{self.root}/begun"; read -r forever <"{self.root}/never"')
        os.mkfifo(self.root / "never")
        killed = self.started(BUILD)
        self.addCleanup(killed.stdout.close)
        while not (self.root / "begun").exists():
            self.assertIsNone(killed.poll(), "it ended without building")
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(timeout=100)
        self.assertEqual(self.trees(), [])
        self.recipe('cp "$1/toy" "$2/"')
        self.run_script(BUILD)
        (tree,) = self.trees()
        self.assertEqual({it.name for it in tree.iterdir()}, {"toy", ".complete"})
        self.assertEqual([it.name for it in (self.cache / "work").iterdir()], ["toy.lock"])

    def test_a_recipe_that_fails_leaves_nothing(self) -> None:
        self.recipe('touch "$2/half"; false')
        self.assertIn("build-toy failed", self.run_script(BUILD, status=1))
        self.assertEqual(self.trees(), [])


if __name__ == "__main__":
    unittest.main()
