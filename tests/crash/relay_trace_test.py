#!/usr/bin/env python3
"""relay_trace_test.py --bin DIR --nosync LIBRARY: a real relay under strace while another hands it reports over CURVE.

The reports come one by one, each after the last was delivered, so whatever leaves the relay toward the other after one has
come in is an answer to it. Honest, nothing leaves before the commit is on disk; with MDB_NOSYNC put under the same daemon
from outside (the product has no such option) the test must find it.
"""
import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from relay_line import Line  # noqa: E402

REPORTS = 25
# Handshake, hello and acks are smaller than these reports, so a read of this size is a report.
CONTENT_BYTES, REPORT_BYTES = 1200, 1200


def traced(binaries, preload=None):
    """check_trace.py's verdict over one run."""
    with tempfile.TemporaryDirectory(prefix="noroshi-trace-") as directory:
        line = Line(directory, binaries, devices=("17/2", "2/2"))
        sender, receiver = line.relays
        trace = os.path.join(directory, "trace")
        # Leak checking needs ptrace for itself; a library put first is what the run is for.
        strace = ["strace", "-f", "-yy", "-s", "32", "-o", trace, "-e", "trace=%file,%desc,%network,%process",
                  "-E", "ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0"]
        if preload:
            strace += ["-E", "LD_PRELOAD=" + preload]
        try:
            receiver.start(wrap=strace)
            sender.start()
            reports = os.path.join(directory, "reports")
            line.run("report_gun", "seal", line.desk("17/11"), reports, "--count", REPORTS,
                     "--content", CONTENT_BYTES, "--level", "flash")  # their receipts do not wait for company
            line.run("report_gun", "fire", sender.socket, reports, os.path.join(directory, "taken"), "--one-by-one")
            code = receiver.end()
            assert code == 0, "the traced relay ended with %d" % code
        finally:
            line.kill()
        link = r"<TCP:\[127\.0\.0\.1:%d->" % receiver.port
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "check_trace.py"), trace, "--store", receiver.store, "--ack", link,
             "--intake", link, "--intake-min", str(REPORT_BYTES), "--skip-until-intake", "--rule", "lockstep",
             "--min-acks", str(REPORTS), "--min-commits", str(REPORTS)], capture_output=True, text=True, check=False)
        print("relay%s: exit %d: %s" % (" nosync" if preload else "", done.returncode, "".join(done.stdout.splitlines()[-1:])))
        return done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--nosync", required=True)
    options = parser.parse_args()
    honest = traced(options.bin)
    if honest.returncode != 0:
        print(honest.stdout + honest.stderr)
        return 1
    mutant = traced(options.bin, os.path.abspath(options.nosync))
    if mutant.returncode != 1:
        print("the mutant was not caught:\n" + mutant.stdout + mutant.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
