#!/usr/bin/env python3
"""Relays whose disk fills, wears out or becomes read-only in the middle of their work, and comes back: nothing lost, nothing
twice, refusals that can be seen, and work that goes on by itself.

  disk_full.py --bin DIR real [--points 20]            each relay on a file system of its own, an ext4 image of 96 MB; it is
                                                       filled to the last block, and emptied. Needs to mount: root
  disk_full.py --bin DIR faults --preload LIBRARY [--points 6]
                                                       every write of the store fails instead (disk_fault.cpp): full,
                                                       read-only, worn

Each point is a new line of three relays and another moment of its work: while reports are taken over, while the acks come
back, while what was delivered is deleted. Exit 77 if nothing may be mounted here.
"""
import argparse
import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from relay_line import Line  # noqa: E402
from relay_work import Work  # noqa: E402

ROLES = ("sender", "middle", "receiver")
IMAGE = 96 << 20
SKIP = 77


class Image:
    """A small file system under the home of one relay."""

    def __init__(self, relay):
        self.relay, self.file = relay, relay.home + ".img"
        self.filler = os.path.join(relay.home, "filler")
        with open(self.file, "wb") as file:
            file.truncate(IMAGE)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", self.file], check=True)
        before = relay.home + ".before"
        os.rename(relay.home, before)
        os.mkdir(relay.home)
        try:
            mount("-o", "loop", self.file, relay.home)
        except subprocess.CalledProcessError:
            os.rmdir(relay.home)
            raise
        os.rmdir(os.path.join(relay.home, "lost+found"))
        shutil.copytree(before, relay.home, dirs_exist_ok=True)
        os.chmod(relay.home, 0o700)

    def fail(self):
        """Full to the last block."""
        with open(self.filler, "ab", buffering=0) as filler:
            size = 1 << 20
            while size >= 512:
                try:
                    filler.write(b"\xa5" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2
            os.fsync(filler)

    def heal(self):
        os.remove(self.filler)

    def end(self):
        subprocess.run(["umount", self.relay.home], check=True)
        os.remove(self.file)


class Fault:
    """Every write of the store of one relay fails with this error."""

    def __init__(self, relay, number, preload):
        self.file, self.number = relay.home + ".fault", number
        self.env = {"LD_PRELOAD": preload, "NOROSHI_DISK_FAULT": self.file,
                    "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}

    def fail(self):
        with open(self.file + ".new", "w", encoding="ascii") as file:
            file.write(str(self.number))
        os.rename(self.file + ".new", self.file)

    def heal(self):
        os.remove(self.file)

    def end(self):
        pass


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, stderr=subprocess.DEVNULL)


class Point:
    """One line of relays, and one moment at which one of their disks fails."""

    def __init__(self, options, number, directory):
        self.options, self.number = options, number
        self.dice = random.Random(options.seed * 1000 + number)
        self.line = Line(directory, options.bin)
        self.work = Work(self.line, options.reports, options.reports)
        self.role = number % len(ROLES)
        self.victim = self.line.relays[self.role]
        self.disk = None

    def run(self):
        self.measure()
        environments = {}
        if self.options.what == "real":
            self.disk = Image(self.victim)
        else:
            self.disk = Fault(self.victim, (28, 30, 5)[self.number // len(ROLES) % 3], self.options.preload)
            environments[self.victim] = self.disk.env
        try:
            self.work.start(environments)
            return self.fail_and_heal()
        finally:
            self.work.end()
            self.disk.end()

    def fail_and_heal(self):
        share = (self.number + 0.5) / self.options.points
        gun = self.work.fire()
        # From the first report taken over to the last receipt back.
        moment = self.moment(share * 2 * self.options.reports)
        self.disk.fail()
        time.sleep(self.dice.uniform(1.0, 3.0))
        failed = self.said("event=turn_failed")
        self.disk.heal()
        healed = time.monotonic()
        self.work.check(gun)
        good = self.work.count() == 0
        took = time.monotonic() - healed
        for relay in self.line.relays:
            good = relay.end() == 0 and good
        refused = {ROLES[i]: self.metric(relay, 'noroshi_events_total{event="refused"}')
                   for i, relay in enumerate(self.line.relays)}
        what = "full" if self.options.what == "real" else os.strerror(self.disk.number)
        print("point %d %s %s with %d reports taken over and %d delivered: %d failed turns, refusals %s, all done %.1f s after "
              "it was back: %s" % (self.number, ROLES[self.role], what, *moment, failed, refused, took,
                                   "good" if good else "BAD"), flush=True)
        return good, failed

    def moment(self, progress):
        """When so much had happened: reports taken over, and delivered."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            taken, delivered = len(self.work.lines(self.work.taken)), len(self.work.messages())
            if taken + delivered >= progress:
                return taken, delivered
            time.sleep(0.002)
        raise AssertionError("point %d: the moment never came" % self.number)

    def measure(self):
        for relay in self.line.relays:
            with open(os.path.join(relay.home, "noroshid.toml"), "a", encoding="utf-8") as config:
                config.write('[metrics]\ntextfile = "%s.prom"\n' % relay.home)

    def metric(self, relay, name):
        with open(relay.home + ".prom", encoding="ascii") as metrics:
            return sum(int(line.split()[-1]) for line in metrics if line.startswith(name + " "))

    def said(self, words):
        return sum(words in line for line in self.victim.program.err_lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("what", choices=("real", "faults"))
    parser.add_argument("--preload")
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--only", type=int, help="this point alone")
    parser.add_argument("--reports", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good = hit = points = 0
    for number in range(options.points) if options.only is None else [options.only]:
        directory = tempfile.mkdtemp(prefix="noroshi-full-", dir="/var/tmp")
        try:
            fine, failed = Point(options, number, directory).run()
        except subprocess.CalledProcessError as error:
            print("nothing may be mounted here: %s" % error)
            return SKIP
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        points += 1
        good += fine
        hit += failed > 0
    print("%d points, %d good, turns failed at %d of them" % (points, good, hit))
    return 0 if good == points and hit > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
