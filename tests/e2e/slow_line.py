#!/usr/bin/env python3
"""A photo over a thin line of real relays, while urgent reports overtake it and the line is cut. Prints what it measures.

  slow_line.py --bin DIR flash [--reports 30]     2400 bit/s, 600 ms: how long flash reports take while a photo crosses
  slow_line.py --bin DIR cuts                     2400 bit/s, 600 ms, cut every 30 s for 2 s, both relays restarted once: what
                                                  of a photo is sent again
  slow_line.py --bin DIR resume [--bytes 400000] [--restart]  128 kbit/s, 600 ms, cut every 15 s for 2 s: how long until all is there
"""
import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from harness import Program  # noqa: E402
from relay_line import Line, free_port  # noqa: E402

PHOTO_DESK, FLASH_DESK = "17/11", "17/12"
DELAY = 300  # ms, one way
SURROUNDINGS = 82  # CURVE, ZMTP and a segment's head around each message
PART = 48 * 1024  # of an attachment
PIECE = 300 - 91  # bytes of a body in a piece at 2400 bit/s
WINDOW = 300 * 700 // 1000 + PIECE  # that may be under way there: rate x (round trip + commit), and a piece
HEAD = 20 + 32 + 20 + 64  # of an envelope with one recipient, and its signature


class Crossing:
    """Two relays with a shaped line between them, and a program that pulls what the far one delivers."""

    def __init__(self, directory, binaries, profile, *shape):
        self.line = Line(directory, binaries, devices=("17/2", "2/2"), desks=(PHOTO_DESK, FLASH_DESK), profile=profile)
        self.near, self.far = self.line.relays
        port = free_port()
        self.line.configure(self.near, callers=[], called={self.far: port})
        self.metrics = os.path.join(directory, "near.prom")
        with open(os.path.join(self.near.home, "noroshid.toml"), "a", encoding="utf-8") as config:
            config.write('[metrics]\ntextfile = "%s"\n' % self.metrics)
        self.dir, self.received = directory, os.path.join(directory, "received")
        self.control = os.path.join(directory, "shaper.sock")
        self.shaper = Program([self.line.bin("noroshi-shaper"), "--listen", "127.0.0.1:%d" % port, "--to",
                               "127.0.0.1:%d" % self.far.port, "--delay", DELAY, "--control", self.control, *shape])
        self.line.start()
        self.counter = subprocess.Popen(
            [self.line.bin("report_count"), self.far.socket, self.received, "--until", str(1 << 30), "--patience",
             str(1 << 20)], stdout=subprocess.DEVNULL)

    def end(self):
        self.counter.kill()
        self.counter.wait()
        self.line.kill()
        self.shaper.kill()

    def seal(self, desk, name, count, content, level):
        """Files of one sealed report each."""
        whole = os.path.join(self.dir, name)
        self.line.run("report_gun", "seal", self.line.desk(desk), whole, "--count", count, "--content", content, "--level",
                      level, "--to", 2)
        files = []
        with open(whole, "rb") as sealed:
            while head := sealed.read(4):
                files.append("%s-%d" % (whole, len(files)))
                with open(files[-1], "wb") as one:
                    one.write(head + sealed.read(int.from_bytes(head, "big")))
        return files

    def stats(self):
        """What the line carried."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(self.control)
            control.sendall(b"stats\n")
            return json.loads(control.makefile().readline())

    def end_near(self):
        """Ends the near relay; what it had sent in pieces in this life."""
        if self.near.end() != 0:
            raise AssertionError("the near relay ended badly")
        with open(self.metrics, encoding="ascii") as metrics:
            return sum(int(line.split()[1]) for line in metrics if line.startswith("noroshi_piece_sent_bytes_total "))

    def submit(self, *files):
        for file in files:
            self.line.run("report_gun", "fire", self.near.socket, file, os.path.join(self.dir, "taken"))

    def arrived(self):
        if not os.path.exists(self.received):
            return 0
        with open(self.received, encoding="ascii") as lines:
            return sum(line.endswith("\n") for line in lines)

    def until(self, number, seconds):
        """When that many had arrived."""
        end = time.monotonic() + seconds
        while self.arrived() < number:
            if time.monotonic() > end:
                raise AssertionError("%d of %d arrived" % (self.arrived(), number))
            time.sleep(0.01)
        return time.monotonic()


def size_of(file):
    return os.path.getsize(file) - 4


def wire_seconds(frame, rate):
    return (frame + SURROUNDINGS) * 8 / rate


def flash(options, directory):
    """The slowest flash report: its own time on the line, one piece, one round trip; and the daemons restart once."""
    rate = 2400
    crossing = Crossing(directory, options.bin, "satellite-2400", "--rate", rate)
    try:
        photo, = crossing.seal(PHOTO_DESK, "photo", 1, options.photo, "bulk")
        reports = crossing.seal(FLASH_DESK, "flash", options.reports, 180, "flash")
        crossing.submit(reports.pop())  # the way is known, and the certificate is there
        crossing.until(1, 120)
        began = time.monotonic()
        crossing.submit(photo)
        dice, took = random.Random(options.seed), []
        for number, report in enumerate(reports):
            time.sleep(dice.uniform(1.0, 6.0))
            if crossing.arrived() > 1 + number:
                break  # the photo is through
            sent = time.monotonic()
            crossing.submit(report)
            took.append(crossing.until(2 + number, 60) - sent)
        bound = wire_seconds(size_of(reports[0]) + 9, rate) + wire_seconds(PIECE + 9, rate) + 2 * DELAY / 1000
        whole = crossing.until(2 + len(took), 1200) - began
        print("photo of %d bytes: %.1f s, overtaken by %d flash reports of %d bytes: median %.2f s, slowest %.2f s "
              "(own line time + a piece + a round trip: %.2f s)" % (
                  size_of(photo), whole, len(took), size_of(reports[0]), sorted(took)[len(took) // 2], max(took), bound))
        return len(took) == len(reports) and max(took) <= bound
    finally:
        crossing.end()


def resume(options, directory):
    """Cut every 15 s for 2 s, and both relays are restarted once on the way."""
    rate = 128_000
    crossing = Crossing(directory, options.bin, "satellite-128k", "--rate", rate, "--cut", "15+2", "--every", 17)
    try:
        whole, rest = divmod(options.bytes, PART)
        parts = crossing.seal(PHOTO_DESK, "parts", whole, PART, "bulk")
        if rest:
            parts += crossing.seal(PHOTO_DESK, "rest", 1, rest, "bulk")
        total = sum(size_of(part) for part in parts)
        began = time.monotonic()
        crossing.submit(*parts)
        if options.restart:
            for pause, relay in ((5, crossing.near), (5, crossing.far)):
                time.sleep(pause)
                os.kill(relay.pid, signal.SIGTERM)
                relay.program.wait()
                relay.start()
        took = crossing.until(len(parts), 600) - began
        print("%d bytes in %d envelopes of %d bytes over %d bit/s, %d ms, cut every 15 s for 2 s%s: %.1f s" % (
            options.bytes, len(parts), total, rate, 2 * DELAY, ", both relays restarted once" if options.restart else "", took))
        line = crossing.stats()
        print("the line took %d bytes that way and carried %d of them: %.1f %% beside the envelopes" % (
            line["up"]["accepted"], line["up"]["delivered"], 100 * (line["up"]["accepted"] / total - 1)))
        return took <= options.seconds
    finally:
        crossing.end()


def cuts(options, directory):
    """What of a photo is sent again, a cut: what was under way, never what had arrived."""
    rate = 2400
    crossing = Crossing(directory, options.bin, "satellite-2400", "--rate", rate, "--cut", "30+2", "--every", 30)
    try:
        photo, = crossing.seal(PHOTO_DESK, "photo", 1, options.photo, "bulk")
        began = time.monotonic()
        crossing.submit(photo)
        time.sleep(75)
        sent = crossing.end_near()
        crossing.near.start()
        time.sleep(75)
        crossing.far.end()
        crossing.far.start()
        took = crossing.until(1, 3600) - began
        sent += crossing.end_near()
        body = size_of(photo) - HEAD
        breaks = crossing.stats()["connections"] - 1
        print("photo of %d bytes over %d bit/s, cut every 30 s for 2 s, both relays restarted once: %.1f s, %d breaks, %d bytes "
              "of pieces for a body of %d: %.0f sent again a break (one window: %d)" % (
                  size_of(photo), rate, took, breaks, sent, body, (sent - body) / breaks, WINDOW))
        return (sent - body) / breaks <= WINDOW
    finally:
        crossing.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("what", choices=("flash", "cuts", "resume"))
    parser.add_argument("--reports", type=int, default=31)
    parser.add_argument("--photo", type=int, default=40_000)
    parser.add_argument("--bytes", type=int, default=400_000)
    parser.add_argument("--seconds", type=float, default=43, help="how long resume may take")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="noroshi-slow-") as directory:
        good = {"flash": flash, "cuts": cuts, "resume": resume}[options.what](options, directory)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
