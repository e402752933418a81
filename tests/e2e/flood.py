#!/usr/bin/env python3
"""A relay of the network goes wild, or strangers call without end: another device's flash reports keep their latency, and
what the relay that is flooded spends is bounded. Prints what it measures.

  flood.py --bin DIR [--seconds 60]

     17/2 (wild) ─┐
                  1/2 ── 2/2          flash reports of 340 bytes from 16/11, one by one
     16/2 ────────┘

Three stretches of that time: quiet; 17/2 sends routine reports with valid signatures, bare and without window, and calls again
whenever it is cut off; strangers without certificates call. Latency counts from the submission at 16/2 until it knows that 2/2 has it: there and back.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from relay_line import Line  # noqa: E402

WILD, GOOD, HUB, END = "17/2", "16/2", "1/2", "2/2"
# Seconds: below this a maximum of quiet moments says more about the machine than about the relay. A stranger's call costs a
# handshake before anybody can turn it away, so strangers who share this machine cost what its cores take.
LEAST = {"enrolled": 0.015, "stranger": 0.050}
MEMORY = 64 << 10  # KiB that a flood may add to the relay


class Star:
    def __init__(self, directory, options):
        self.dir, self.options = directory, options
        self.line = Line(directory, options.bin, devices=(WILD, GOOD, HUB, END), desks=("17/11", "16/11"))
        self.wild, self.good, self.hub, self.end = self.line.relays
        self.line.configure(self.good, callers=[], called={self.hub: self.hub.port})
        self.line.configure(self.hub, callers=[self.wild, self.good], called={self.end: self.end.port})
        self.line.configure(self.end, callers=[self.hub], called={})
        self.reports = iter(())

    def start(self):
        for relay in (self.end, self.hub, self.good):
            relay.start()
        self.reports = iter(self.seal("16/11", "flash", 400, "flash", "2"))
        self.flood = self.sealed("17/11", "flood", self.options.reports, "routine", "2")

    def sealed(self, desk, name, count, level, to):
        whole = os.path.join(self.dir, name)
        self.line.run("report_gun", "seal", self.line.desk(desk), whole, "--count", count, "--content", 180, "--level", level,
                      "--to", to)
        return whole

    def seal(self, desk, name, count, level, to):
        """Files of one report each."""
        files = []
        with open(self.sealed(desk, name, count, level, to), "rb") as sealed:
            while head := sealed.read(4):
                files.append(os.path.join(self.dir, "%s-%d" % (name, len(files))))
                with open(files[-1], "wb") as one:
                    one.write(head + sealed.read(int.from_bytes(head, "big")))
        return files

    def one(self):
        """Seconds from the submission of one flash report to its delivery."""
        out = self.line.run("report_gun", "fire", self.good.socket, next(self.reports), os.path.join(self.dir, "taken"),
                            "--one-by-one")
        return json.loads(out)["seconds"]

    def measure(self, seconds, seed):
        """Latencies of flash reports at random moments."""
        dice, took = random.Random(seed), []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            took.append(self.one())
            time.sleep(dice.uniform(0.2, 1.2))
        return took

    def spent(self):
        """Seconds of processor time of the hub, and its anonymous memory in KiB."""
        with open("/proc/%d/stat" % self.hub.pid, encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        with open("/proc/%d/status" % self.hub.pid, encoding="ascii") as file:
            anonymous = next(int(line.split()[1]) for line in file if line.startswith("RssAnon:"))
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), anonymous

    def flooded(self, name, *command):
        """(latencies, what the flood says, processor seconds of the hub, KiB it grew by)"""
        before = self.spent()
        flood = subprocess.Popen([self.line.bin("report_flood"), name, self.wild.home, HUB,
                                  "tcp://127.0.0.1:%d" % self.hub.port, *command, "--seconds", str(self.options.seconds)],
                                 stdout=subprocess.PIPE, text=True)
        try:
            took = self.measure(self.options.seconds - 1, name)
            said = json.loads(flood.communicate(timeout=60)[0])
        finally:
            flood.kill()
        after = self.spent()
        return took, said, after[0] - before[0], after[1] - before[1]


def line_of(what, took):
    took = sorted(took)
    return "%s: %d flash reports, median %.1f ms, slowest %.1f ms" % (
        what, len(took), took[len(took) // 2] * 1000, took[-1] * 1000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--reports", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="noroshi-flood-") as directory:
        star = Star(directory, options)
        try:
            star.start()
            star.one()  # the way is known, and the certificates are there
            quiet = star.measure(options.seconds, "quiet")
            print(line_of("quiet", quiet), flush=True)
            good = True
            for name, arguments in (("enrolled", [star.flood]), ("stranger", [])):
                took, said, processor, grown = star.flooded(name, *arguments)
                bound = 2 * max(max(quiet), LEAST[name])
                print("%s, of %.1f ms" % (line_of(name, took), bound * 1000))
                print("  the flood: %s; the relay: %.0f %% of a core, %+d KiB" % (
                    json.dumps(said), 100 * processor / options.seconds, grown), flush=True)
                good = good and max(took) <= bound and grown <= MEMORY and (said.get("frames") or said.get("refused"))
        finally:
            star.line.kill()
    print("every flash report within twice the slowest of quiet moments" if good else "NOT GOOD")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
