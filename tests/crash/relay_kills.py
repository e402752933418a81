#!/usr/bin/env python3
"""kill -9 on real relays, in the middle of their work, and then a count: nothing lost, nothing twice.

  relay_kills.py --bin DIR [--rounds 10] [--reports 500] [--seed 1] [--keep]

Three relays in a row; a program submits reports to the first, another pulls what the last has delivered, and each keeps
its own record. In every round one of the three is stopped at a random moment (SIGSTOP), looked at, and killed where it
stands if two things hold, otherwise it goes on and is stopped again:
  open turn  a thread of it holds the store's write transaction (the robust mutex in LMDB's lock file); after the kill
             the kernel must have marked that mutex: its owner died
  in flight  envelopes that were sent toward the next relay, or by the one before it, are not acknowledged
The counts come from the two records alone: what the first relay said it took over, what the last one gave out.
"""
import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from relay_line import Line  # noqa: E402

ROLES = ("sender", "middle", "receiver")
PATIENCE = 120  # seconds for everything that was taken over to arrive, once nobody is killed any more


class Kills:
    def __init__(self, options, directory):
        self.dice = random.Random(options.seed)
        self.rounds, self.each = options.rounds, max(1, options.reports // options.rounds)
        self.dir = directory
        self.line = Line(directory, options.bin)
        self.taken = os.path.join(directory, "taken")
        self.received = os.path.join(directory, "received")
        self.sealed = 0
        self.envelopes = self.seal()
        self.files = []

    def run(self):
        self.line.start()
        counter = subprocess.Popen(
            [self.line.bin("report_count"), self.line.relays[-1].socket, self.received, "--until", str(1 << 30),
             "--patience", str(1 << 20)], stdout=subprocess.DEVNULL)
        try:
            for number in range(1, self.rounds + 1):
                self.round(number)
            return self.count(counter)
        finally:
            counter.kill()
            counter.wait()
            self.line.kill()

    # ---- one round
    def round(self, number):
        role = self.dice.randrange(len(ROLES))
        victim = self.line.relays[role]
        gun = self.fire()
        stops = 0
        while True:
            if gun.poll() is not None:  # everything was taken over before the moment came: more work
                self.check(gun)
                gun = self.fire()
            time.sleep(self.dice.uniform(0.0, 0.03))
            victim.program.signal(signal.SIGSTOP)
            self.wait_until_stopped(victim)
            stops += 1
            unacked = self.in_flight(role) if victim.turn_is_open() else 0
            if unacked > 0:
                break
            victim.program.signal(signal.SIGCONT)
        victim.kill()
        if not victim.died_in_a_turn():
            raise AssertionError("round %d: the kernel did not mark the write transaction of %s" % (
                number, victim.device))
        print("round %d kill %s %s open_turn yes unacked %d stops %d" % (
            number, ROLES[role], victim.device, unacked, stops), flush=True)
        victim.start()
        self.check(gun)

    def fire(self):
        """A batch of new reports on its way to the first relay."""
        file = os.path.join(self.dir, "batch-%d" % len(self.files))
        self.files.append(file)
        with open(file, "wb") as out:
            for _ in range(self.each):
                out.write(next(self.envelopes))
                self.sealed += 1
        return subprocess.Popen([self.line.bin("report_gun"), "fire", self.line.relays[0].socket, file, self.taken],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def seal(self):
        """As many as the moments need to come: the slower the relays, the fewer. One sequence of numbers, in lots."""
        file, lot = os.path.join(self.dir, "sealed"), self.rounds * self.each * 4
        for before in itertools.count(0, lot):
            self.line.run("report_gun", "seal", self.line.desk("17/11"), file, "--count", lot, "--after", before)
            with open(file, "rb") as sealed:
                while head := sealed.read(4):
                    yield head + sealed.read(int.from_bytes(head, "big"))

    def check(self, gun):
        _, errors = gun.communicate(timeout=PATIENCE)
        if gun.returncode != 0:
            raise AssertionError("report_gun: " + errors)

    @staticmethod
    def wait_until_stopped(relay):
        for _ in range(10_000):
            with open("/proc/%d/stat" % relay.pid, encoding="ascii", errors="replace") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "T":
                    return
            time.sleep(0.0005)
        raise AssertionError("%s does not stop" % relay.device)

    def in_flight(self, role):
        """Unacknowledged envelopes between the stopped relay and its neighbours."""
        relays = self.line.relays
        if role < len(relays) - 1:
            return relays[role].unacked_to(relays[role + 1].device)
        before = relays[role - 1]  # it holds still too while its store is copied
        before.program.signal(signal.SIGSTOP)
        self.wait_until_stopped(before)
        try:
            return before.unacked_to(relays[role].device)
        finally:
            before.program.signal(signal.SIGCONT)

    # ---- the count
    def count(self, counter):
        taken = self.lines(self.taken)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and set(taken) - set(self.messages()):
            if counter.poll() is not None:
                raise AssertionError("report_count ended")
            time.sleep(0.1)
        time.sleep(1)  # a second copy would still come
        messages = self.messages()
        lost = set(taken) - set(messages)
        strange = set(messages) - set(taken)
        twice = len(messages) - len(set(messages))
        stores = {line.split()[0] for line in self.lines(self.received)}
        ends = self.ends()
        self.explain(sorted(lost))
        print("taken over %d received %d stores %d receipts at the sender %s" % (
            len(set(taken)), len(set(messages)), len(stores), json.dumps(ends)))
        print("delivered %d duplicated %d lost %d" % (len(set(messages) & set(taken)), twice, len(lost)))
        good = (not lost and not strange and twice == 0 and len(stores) == 1 and len(taken) == len(set(taken))
                and ends == {"delivered": self.sealed})
        return 0 if good else 1

    def explain(self, lost):
        """What each relay says of what did not arrive."""
        for relay in self.line.relays if lost else []:
            print("%s: %s" % (relay.device, self.line.run("report_gun", "where", relay.socket, *lost[:20])))

    def ends(self):
        """How the first relay says they ended; waits until the receipts are back."""
        end = time.monotonic() + PATIENCE
        while True:
            total = {}
            for file in self.files:
                for name, number in json.loads(
                        self.line.run("report_gun", "progress", self.line.relays[0].socket, file)).items():
                    total[name] = total.get(name, 0) + number
            if total == {"delivered": self.sealed} or time.monotonic() > end:
                return total
            time.sleep(0.2)

    @staticmethod
    def lines(path):
        if not os.path.exists(path):
            return []
        with open(path, encoding="ascii") as file:
            return [line.rstrip("\n") for line in file if line.endswith("\n")]

    def messages(self):
        return [line.split()[2] for line in self.lines(self.received)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--reports", type=int, default=500, help="at least; more if a moment is long in coming")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the homes, records and stores")
    options = parser.parse_args()
    # On a disk where there is one: the moments looked for are those in which a turn waits for it.
    directory = tempfile.mkdtemp(prefix="noroshi-kills-", dir="/var/tmp")
    try:
        return Kills(options, directory).run()
    finally:
        if options.keep:
            print("kept in " + directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
