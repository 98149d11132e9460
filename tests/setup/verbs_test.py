"""./dev: verbs one after another, on a machine that gets its packages in between."""

import os
import re
import unittest

from checkout import SOURCE, Case


class BuildPresetTest(Case):
    def build(self, installed: str, preset: str = "toy") -> list[str]:
        """What cmake is asked to do when these packages are there."""
        programs = self.root / "programs"
        programs.mkdir(exist_ok=True)
        (programs / "dpkg-query").write_text(f"#!/bin/sh\necho '{installed}'\n")
        (programs / "cmake").write_text(f'#!/bin/sh\necho "$@" >>"{self.root}/asked"\n'
                                        'mkdir -p build/toy; touch build/toy/build.ninja\n')
        for program in programs.iterdir():
            program.chmod(0o755)
        (self.root / "asked").write_text("")
        self.run_script(f"build_preset {preset}", PATH=f"{programs}:{os.environ['PATH']}")
        return [line.split()[0] for line in (self.root / "asked").read_text().splitlines()]

    def test_it_configures_once(self) -> None:
        self.assertEqual(self.build("cmake 3 installed"), ["--preset", "--build"])
        self.assertEqual(self.build("cmake 3 installed"), ["--build"])

    def test_it_configures_again_when_a_package_came_or_changed(self) -> None:
        self.build("cmake 3 installed")
        self.assertEqual(self.build("cmake 3 installed, default-jdk-headless 17 installed"), ["--preset", "--build"])
        self.assertEqual(self.build("cmake 3 installed, default-jdk-headless 21 installed"), ["--preset", "--build"])
        self.assertEqual(self.build("cmake 3 installed, default-jdk-headless 21 installed"), ["--build"])


class GroupsTest(Case):
    VERBS = re.findall(r"^verb_(\w+)\(\) \{\n(.*?)^\}", (SOURCE / "dev").read_text(), re.M | re.S)

    def packages(self, *groups: str) -> set[str]:
        return set(self.run_script(f"packages_of {' '.join(groups)}").split())

    def test_every_group_that_a_verb_sets_up_has_packages(self) -> None:
        asked = {group for _, body in self.VERBS for call in re.findall(r"\bsetup ([a-z ]+?) *(?:;|$)", body, re.M)
                 for group in call.split()}
        self.assertLessEqual({"test", "bench", "bundled", "java", "python", "fuzz", "lint", "fmt"}, asked)
        for group in asked:
            self.assertTrue(self.packages(group), group)

    def test_whoever_builds_the_dev_preset_has_what_its_tests_are_made_with(self) -> None:
        for verb, body in self.VERBS:
            if "build_preset dev" in body:
                self.assertRegex(body, r"\bsetup test\b", verb)

    def test_the_help_of_setup_names_every_group(self) -> None:
        rows = (SOURCE / "tools/setup/packages.txt").read_text().splitlines()
        groups = {group for row in rows if not row.startswith("#") for group in row.split()[0].split(",")}
        said = re.search(r"#    Groups: (.*?)\. ", (SOURCE / "dev").read_text())
        self.assertEqual({it.split()[0] for it in said[1].split(", ")}, groups - {"build"})


if __name__ == "__main__":
    unittest.main()
