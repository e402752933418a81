#!/usr/bin/env python3
"""trace_test.py STORE_WRITER NOSYNC_LIBRARY: the writer under strace, in lockstep over two pipes.

Honest, no ack leaves before its commit is on disk. Two mutants must be caught: the same program with MDB_NOSYNC (put
under it from outside: the product has no such option), and one that answers before it commits.
"""
import os
import subprocess
import sys
import tempfile

NUMBERS = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def traced_run(writer, how, preload=None, rule="both"):
    """What check_trace.py says of one run."""
    with tempfile.TemporaryDirectory(prefix="noroshi-trace-") as home:
        store, trace = os.path.join(home, "store"), os.path.join(home, "trace")
        # Leak checking needs ptrace for itself; a library put first is what the run is for.
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:verify_asan_link_order=0")
        command = ["strace", "-f", "-yy", "-s", "32", "-o", trace]
        if preload:
            command += ["-E", f"LD_PRELOAD={preload}"]
        with subprocess.Popen(command + [writer, store, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env=environment, text=True, bufsize=1) as run:
            for number in range(1, NUMBERS + 1):
                run.stdin.write(f"{number}\n")
                run.stdin.flush()
                answer = run.stdout.readline()
                assert answer == f"{number}\n", f"wanted {number}, got {answer!r}"
            run.stdin.close()
            assert run.wait() == 0
        checked = subprocess.run(
            [sys.executable, os.path.join(HERE, "check_trace.py"), trace, "--store", store, "--ack", "^1<pipe",
             "--intake", "^0<pipe", "--rule", rule, "--min-acks", str(NUMBERS), "--min-commits", str(NUMBERS)],
            capture_output=True, text=True, check=False)
        print(f"{how}{' nosync' if preload else ''} by rule {rule}: exit {checked.returncode}: {checked.stdout.splitlines()[-1]}")
        return checked


def main():
    writer, nosync = sys.argv[1:3]
    honest = traced_run(writer, "lockstep")
    if honest.returncode != 0:
        print(honest.stdout + honest.stderr)
        return 1
    mutants = [traced_run(writer, "lockstep", nosync, rule) for rule in ("clean", "lockstep")]
    mutants.append(traced_run(writer, "early", rule="lockstep"))
    if any(checked.returncode != 1 for checked in mutants):
        print("a mutant was not caught")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
