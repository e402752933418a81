#!/usr/bin/env python3
"""The Debian package holds what it promises, and what it holds runs from where it is unpacked."""
import argparse
import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = {"noroshi": 1, "noroshi-keys": 1, "noroshi-shaper": 1, "noroshid": 8}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, timeout=300,
                          **options)


class Package(unittest.TestCase):
    build: pathlib.Path

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        scratch = pathlib.Path(cls.scratch.name)
        run("cpack", "--config", cls.build / "CPackConfig.cmake", "-B", scratch)
        cls.package, = scratch.glob("noroshi_*.deb")
        cls.root = scratch / "root"
        run("dpkg-deb", "--extract", cls.package, cls.root)
        run("dpkg-deb", "--control", cls.package, scratch / "control")
        cls.control = scratch / "control"

    def env(self):
        return {"PATH": "/usr/bin:/bin", "HOME": self.scratch.name, "LANG": "C.UTF-8"}

    def test_every_program_starts_from_where_it_was_unpacked_and_has_its_manual_in_both_languages(self):
        for program, section in PROGRAMS.items():
            said = run(self.root / "usr/bin" / program, "--version", env=self.env()).stdout
            self.assertRegex(said, rf"^{program} \d+\.\d+")
            for folder in ("", "ja/"):
                page = self.root / f"usr/share/man/{folder}man{section}/{program}.{section}.gz"
                with gzip.open(page, "rt", encoding="utf-8") as file:
                    text = file.read()
                self.assertIn(".TH", text)
                self.assertIn('.SH "名前"' if folder else '.SH "NAME"', text, program)

    def test_no_manual_page_has_anything_that_the_formatter_complains_about(self):
        for program, section in PROGRAMS.items():
            page = self.root / f"usr/share/man/man{section}/{program}.{section}.gz"
            with gzip.open(page, "rb") as file:
                done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-P-c"], input=file.read(), check=True,
                                      capture_output=True, timeout=60)
            complaints = [line for line in done.stderr.decode().splitlines() if "break" not in line]
            self.assertEqual(complaints, [], program)
            self.assertIn("EXIT STATUS", re.sub(".\x08", "", done.stdout.decode()), program)

    def test_the_manual_names_every_command_that_the_help_names(self):
        program = self.root / "usr/bin/noroshi"
        helped = run(program, "--lang", "en", "--help", env=self.env()).stdout
        commands = re.findall(r"^  ([a-z][a-z-]+) ", helped.split("Subcommands:")[1], re.MULTILINE)
        self.assertGreater(len(commands), 20)
        manual = run(program, "--lang", "en", "--manual", env=self.env()).stdout.replace("\\-", "-")
        for command in commands:
            self.assertRegex(manual, rf'\.SS "noroshi {command}\b')

    def completed(self, program, *words):
        """What bash offers for the last of the words."""
        script = self.root / "usr/share/bash-completion/completions" / program
        done = run("bash", "-c", 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                   '"_${1//-/_}"; printf "%s\\n" "${COMPREPLY[@]}"', "bash", script, program, *words)
        return done.stdout.split()

    def test_the_shell_completes_commands_and_their_options(self):
        self.assertEqual(self.completed("noroshi", "boa"), ["board"])
        self.assertEqual(self.completed("noroshi", "board", "--pub"), ["--public"])
        self.assertEqual(self.completed("noroshi", "--lang", "ja", "board", "--by"), ["--by"])
        self.assertEqual(self.completed("noroshi-keys", "exercise", "sta"), ["start"])
        self.assertEqual(self.completed("noroshi-keys", "exercise", "start", "--pre"), ["--pref"])
        self.assertEqual(self.completed("noroshid", "--check-c"), ["--check-config"])
        self.assertEqual(self.completed("noroshi", "board", "nothing-like-it"), [])

    def test_the_service_runs_a_program_of_the_package_under_a_user_that_the_package_makes(self):
        service = (self.root / "usr/lib/systemd/system/noroshid.service").read_text()
        program = re.search(r"^ExecStart=(\S+)", service, re.MULTILINE).group(1)
        self.assertTrue(os.access(self.root / program.lstrip("/"), os.X_OK))
        user = re.search(r"^User=(\S+)", service, re.MULTILINE).group(1)
        self.assertIn(f"u {user} ", (self.root / "usr/lib/sysusers.d/noroshi.conf").read_text())

    def test_the_example_configurations_hold(self):
        examples = self.root / "usr/share/doc/noroshi/examples"
        run(self.root / "usr/bin/noroshid", "--check-config", "--config", examples / "noroshid.toml", env=self.env())
        self.assertTrue((examples / "console.toml").exists())

    def test_the_control_data_name_libraries_and_scripts_that_a_shell_reads(self):
        control = (self.control / "control").read_text()
        for library in ("libzmq5", "liblmdb0", "libsodium23", "libncursesw6", "libprotobuf"):
            self.assertIn(library, control)
        for script in ("postinst", "prerm", "postrm"):
            run("sh", "-n", self.control / script)
            self.assertEqual((self.control / script).stat().st_mode & 0o777, 0o755)

    def test_nothing_lies_outside_usr_and_everything_belongs_to_root(self):
        for line in run("dpkg-deb", "--contents", self.package).stdout.splitlines():
            mode, owner, *_, path = line.split(maxsplit=5)
            self.assertEqual(owner, "root/root")
            self.assertTrue(path in ("./",) or path.startswith("./usr/"), path)
            self.assertNotIn("w", mode[5] + mode[8], path)

    def test_the_exercise_is_found_from_where_it_was_unpacked(self):
        done = subprocess.run([self.root / "usr/bin/noroshi", "demo", "--scenario", "no-such"], env=self.env(),
                              capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("share/noroshi/demo/no-such.json", done.stderr)
        self.assertTrue((self.root / "usr/share/noroshi/demo/noto.json").exists())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    arguments, rest = parser.parse_known_args()
    Package.build = arguments.bin.parent
    unittest.main(argv=[sys.argv[0], *rest])
