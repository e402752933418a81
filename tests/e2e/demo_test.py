#!/usr/bin/env python3
"""The demonstration, short: its count, its breaks, its end, and that it speaks to nobody outside."""
import glob
import os
import re
import signal
import subprocess
import tempfile

import check_network
import harness
from harness import TestCase, main

SHORT = ["demo", "--scenario", "noto-short"]
GOOD = re.compile(r"delivered (\d+) duplicated 0 lost 0")
PATIENCE = 280


def programs_of(directory):
    """Processes that still have a path below `directory` among their arguments."""
    out = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().decode("utf-8", "replace").replace("\0", " ")
        except OSError:
            continue
        if directory in words and "demo_test" not in words:
            out.append(words)
    return out


class Demo(TestCase):
    def setUp(self):
        super().setUp()
        # Sockets of the demonstration stand in the temporary directory: one of our own shows whether it cleans up.
        self.tmp = tempfile.mkdtemp(prefix="n-", dir=self.dir)
        self.keep = os.path.join(self.dir, "kept")
        self.env = dict(os.environ, TMPDIR=self.tmp, LC_ALL="C.UTF-8")

    def demo(self, *options, before=()):
        argv = [*before, os.path.join(harness.BIN, "noroshi"), *SHORT, *options]
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=PATIENCE)
        done.last = (done.stdout.splitlines() or [""])[-1]
        return done

    def check_clean(self):
        self.assertEqual(programs_of(self.dir), [])
        self.assertEqual(os.listdir(self.tmp), [])

    def test_everything_is_delivered_once_and_nobody_else_is_spoken_to(self):
        trace = os.path.join(self.dir, "trace")
        done = self.demo("--keep", self.keep, before=[*check_network.STRACE, "-o", trace, "-e",
                                                      "trace=connect,sendto,sendmsg,sendmmsg"])
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])
        self.assertRegex(done.last, GOOD)
        self.check_clean()

        again = self.demo("--check", "--keep", self.keep)
        self.assertEqual((again.returncode, again.last), (0, done.last))
        self.check_addresses(trace)
        self.check_unlucky(done)

    def check_addresses(self, trace):
        """Every address of the trace is loopback and named in a configuration; every path is one of the demonstration."""
        named = set()
        for path in glob.glob(os.path.join(self.keep, "homes/*/config.toml")):
            with open(path, encoding="utf-8") as file:
                named |= set(re.findall(r"tcp://127\.0\.0\.1:(\d+)", file.read()))
        seen = 0
        with open(trace, encoding="utf-8", errors="replace") as file:
            for line in file:
                if "sa_family=AF_INET" in line:
                    seen += 1
                    self.assertRegex(line, r'inet_addr\("127\.0\.0\.1"\)|inet_pton\(AF_INET6, "::1"')
                    self.assertIn(re.search(r"htons\((\d+)\)", line).group(1), named, line)
                elif "sa_family=AF_UNIX" in line and "sun_path=" in line:
                    path = re.search(r'sun_path=@?"([^"]*)"', line).group(1)
                    self.assertTrue(path.startswith(self.tmp), line)
                else:
                    self.assertNotIn("sa_family=AF_", line.replace("AF_NETLINK", ""), line)
        self.assertGreater(seen, 5)

    def check_unlucky(self, done):
        """What was meant to go wrong did: three intruders refused by name, a relay killed, a line cut."""
        for name, refusal in (("forged", "signature"), ("unenrolled", "unknown_key"), ("foreign", "signature")):
            self.assertRegex(done.stdout, "%s.*refused %s" % (name, refusal))
        with open(os.path.join(self.keep, "logs/ishikawa.log"), encoding="utf-8") as file:
            log = file.read()
        self.assertEqual(log.count("event=start "), 2)
        for refusal in ("signature", "unknown_key"):
            self.assertIn(refusal, log)

    def test_a_report_that_is_withheld_is_counted_as_lost(self):
        done = self.demo("--break", "drop-one")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.last, r"delivered \d+ duplicated 0 lost 1$")
        self.assertEqual(programs_of(self.dir), [])

    def test_an_interruption_ends_every_program(self):
        program = self.start("noroshi", *SHORT, "--keep", self.keep, env=self.env)
        while "Relays and lines" not in program.line():
            pass
        program.line()
        program.signal(signal.SIGINT)
        self.assertEqual(program.wait(), 75)
        self.check_clean()


if __name__ == "__main__":
    main()
