#!/usr/bin/env python3
"""kill -9 on real relays, in the middle of their work, and then a count: nothing lost, nothing twice.

  relay_kills.py --bin DIR [--rounds 10] [--reports 500] [--seed 1] [--keep]

Three relays in a row; a program submits reports to the first, another pulls what the last has delivered, and each keeps
its own record. In every round one of the three is stopped at a random moment (SIGSTOP), looked at, and killed where it
stands if two things hold, otherwise it goes on and is stopped again:
  open turn  a thread of it holds the store's write transaction (the robust mutex in LMDB's lock file); after the kill
             the kernel must have marked that mutex: its owner died
  in flight  envelopes that were sent toward the next relay, or by the one before it, are not acknowledged
The lines say of themselves that they are thin, so that the photos among the reports go in pieces: how many bytes of
unfinished ones the dead relay had is told too.
The counts come from the two records alone: what the first relay said it took over, what the last one gave out.
"""
import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from relay_line import Line  # noqa: E402
from relay_work import Work  # noqa: E402

ROLES = ("sender", "middle", "receiver")

# As fast as the loopback, but a photo holds it for long: pieces. What the relays measure makes the line 64 times faster, no
# more, and what takes more than a second and a half of that is above 28 kB.
THIN = """rate_bps = 2_400
rtt_ms = 1
window_bytes = 65_536
bundle_bytes = 16_384
metered = false
queue_frames = 1_000
handshake_ms = 5_000
silence_ms = 5_000
retry_min_ms = 50
retry_max_ms = 1_000
keepalive = false
"""
PHOTO_EVERY = 5  # batches


class Kills:
    def __init__(self, options, directory):
        self.dice = random.Random(options.seed)
        self.rounds = options.rounds
        each = max(1, options.reports // options.rounds)
        self.line = Line(directory, options.bin, desks=("17/11", "17/12"), profile="./thin.toml")
        for relay in self.line.relays:
            with open(os.path.join(relay.home, "thin.toml"), "w", encoding="utf-8") as profile:
                profile.write(THIN)
        self.work = Work(self.line, each, options.rounds * each * 4, photos=PHOTO_EVERY)
        self.in_pieces = 0  # rounds whose victim held part of a photo

    def run(self):
        self.work.start()
        try:
            for number in range(1, self.rounds + 1):
                self.round(number)
            print("%d rounds, in %d of them with part of a photo" % (self.rounds, self.in_pieces))
            # In a few rounds a photo may be just nowhere.
            return self.work.count() or (0 if self.in_pieces > 0 or self.rounds < 100 else 1)
        finally:
            self.work.end()

    # ---- one round
    def round(self, number):
        role = self.dice.randrange(len(ROLES))
        victim = self.line.relays[role]
        gun = self.work.fire()
        stops = 0
        while True:
            if gun.poll() is not None:  # everything was taken over before the moment came: more work
                self.work.check(gun)
                gun = self.work.fire()
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
        pieces = victim.facts()["piece_bytes"]
        self.in_pieces += pieces > 0
        print("round %d kill %s %s open_turn yes unacked %d pieces %d stops %d" % (
            number, ROLES[role], victim.device, unacked, pieces, stops), flush=True)
        victim.start()
        self.work.check(gun)

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
