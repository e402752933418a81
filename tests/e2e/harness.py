"""Real processes for tests: started, spoken to, waited for with deadlines, always ended. Standard library only."""
import argparse
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

DEADLINE = 60  # seconds for anything that should happen at once; generous, for machines under load
BIN = None


class Program:
    """One child process; its standard output and error come as lines."""

    def __init__(self, argv, env=None):
        self.argv = [str(a) for a in argv]
        self.process = subprocess.Popen(
            self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
            start_new_session=True)
        self.out, self.err = queue.Queue(), queue.Queue()
        self.err_lines = []
        self._readers = [threading.Thread(target=self._pump, args=pair, daemon=True)
                         for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self._readers:
            reader.start()

    def _pump(self, stream, lines):
        for line in stream:
            text = line.decode("utf-8", "replace").rstrip("\n")
            if lines is self.err:
                self.err_lines.append(text)
            lines.put(text)
        lines.put(None)

    def line(self, timeout=DEADLINE):
        """The next line of standard output."""
        got = self.out.get(timeout=timeout)
        if got is None:
            raise AssertionError("%s ended: %s" % (self.argv[0], "\n".join(self.err_lines[-20:])))
        return got

    def log(self, *words, timeout=DEADLINE):
        """Waits for a line on standard error that holds every word, and returns it."""
        end = time.monotonic() + timeout
        while True:
            try:
                got = self.err.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                got = None
            if got is None:
                raise AssertionError("%s never said %s:\n%s" % (self.argv[0], words, "\n".join(self.err_lines[-40:])))
            if all(word in got for word in words):
                return got

    def tell(self, text):
        self.process.stdin.write((text + "\n").encode())
        self.process.stdin.flush()

    def alive(self):
        return self.process.poll() is None

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """kill -9, as a power cut would, and waits until it is gone."""
        if self.alive():
            self.process.kill()
        self.process.wait(DEADLINE)

    def wait(self, timeout=DEADLINE):
        """The exit code."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError("%s still runs:\n%s" % (self.argv, "\n".join(self.err_lines[-40:])))
        for reader in self._readers:
            reader.join(DEADLINE)
        return code


class TestCase(unittest.TestCase):
    """Ends what it started; a temporary directory each."""

    def setUp(self):
        """What a test opens it closes by addCleanup: the last one first, the directory at the very end."""
        self.programs = []
        directory = tempfile.TemporaryDirectory(prefix="e2e-")
        self.addCleanup(directory.cleanup)
        self.dir = directory.name
        self.addCleanup(self.kill_programs)

    def kill_programs(self):
        for program in self.programs:
            program.kill()
            for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
                stream.close()

    def start(self, name, *options, env=None):
        program = Program([os.path.join(BIN, name), *options], env=env)
        self.programs.append(program)
        return program

    def run_program(self, name, *options, stdin=b"", env=None):
        """Runs to the end; CompletedProcess with text."""
        done = subprocess.run([os.path.join(BIN, name), *map(str, options)], input=stdin, capture_output=True,
                              timeout=DEADLINE, env=env)
        done.stdout, done.stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        return done

    def until(self, question, what, timeout=DEADLINE):
        """Asks again until the answer is true; for states that announce themselves nowhere."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            answer = question()
            if answer:
                return answer
            time.sleep(0.02)
        raise AssertionError("never: " + what)


def main():
    """--bin DIR, then unittest's own arguments."""
    global BIN
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--bin", required=True)
    own, rest = parser.parse_known_args()
    # The tests import this file as `harness`; run as a script's import it is the same module.
    sys.modules["harness"].BIN = os.path.abspath(own.bin)
    unittest.main(argv=[sys.argv[0], *rest])
