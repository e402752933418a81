#!/usr/bin/env python3
"""noroshi-shaper over real sockets agrees with its model: rate, delay, back-pressure, cuts, counts."""
import json
import socket
import threading
import time

from harness import TestCase, main


class Sink(threading.Thread):
    """Accepts one connection at a time and notes when how many bytes came."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.arrivals = []
        self.total = 0
        self.changed = threading.Condition()
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer:
                self.take(peer)

    def take(self, peer):
        while True:
            try:
                data = peer.recv(65536)
            except ConnectionResetError:
                return
            if not data:
                return
            with self.changed:
                self.total += len(data)
                self.arrivals.append((time.monotonic(), self.total))
                self.changed.notify_all()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join()

    def wait(self, total, timeout):
        with self.changed:
            return self.changed.wait_for(lambda: self.total >= total, timeout)


class Shaper(TestCase):
    def shaper(self, *options):
        self.sink = Sink()
        self.addCleanup(self.sink.close)
        program = self.start("noroshi-shaper", "--listen", "127.0.0.1:0", "--to", self.sink.address, *options)
        self.address = json.loads(program.line())["listening"].split(":")
        return program

    def call(self):
        caller = socket.create_connection((self.address[0], int(self.address[1])))
        self.addCleanup(caller.close)
        return caller

    def command(self, program, word):
        program.tell(word)
        return json.loads(program.line())

    def test_rate_and_delay_hold_within_five_percent(self):
        self.shaper("--rate", "19200", "--delay", "200")
        began = time.monotonic()
        with self.call() as caller:
            caller.sendall(bytes(9600))
            self.assertTrue(self.sink.wait(9600, 20))
        took = self.sink.arrivals[-1][0] - began
        # one round trip of set-up, 9600 bytes on air, one delay
        self.assertAlmostEqual(took, 0.4 + 9600 * 8 / 19200 + 0.2, delta=0.05 * 4.6)

    def test_a_sender_feels_the_line(self):
        self.shaper("--rate", "2400", "--delay", "300")
        with self.call() as caller:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
            caller.setblocking(False)
            deadline, sent = time.monotonic() + 3, 0
            while time.monotonic() < deadline:
                try:
                    sent += caller.send(bytes(512))
                except BlockingIOError:
                    time.sleep(0.01)  # the poll of a busy line, not a wait for an event
        # three seconds of line, and the small buffers of two sockets and of the line
        self.assertLess(sent, 3 * 300 + 12 * 1024)

    def test_commands_cut_and_open_the_line(self):
        program = self.shaper("--rate", "0")
        caller = self.call()
        caller.sendall(b"before")
        self.assertTrue(self.sink.wait(6, 10))
        self.assertEqual(self.command(program, "cut"), {"ok": True})
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            caller.settimeout(10)
            if caller.recv(1) == b"":
                raise ConnectionResetError
        refused = self.call()
        refused.settimeout(10)
        with self.assertRaises(ConnectionResetError):
            refused.recv(1)
        self.assertEqual(self.command(program, "open"), {"ok": True})
        self.call().sendall(b"after")
        self.assertTrue(self.sink.wait(11, 10))
        stats = self.command(program, "stats")
        self.assertEqual(stats["up"], {"accepted": 11, "delivered": 11, "lost": 0})
        self.assertEqual((stats["connections"], stats["refused"], stats["resets"]), (2, 1, 1))
        self.assertIn("error", self.command(program, "rain"))

    def test_counts_are_printed_at_the_end(self):
        program = self.shaper("--rate", "80000/80000")
        self.call().sendall(bytes(1000))
        self.assertTrue(self.sink.wait(1000, 10))
        program.terminate()
        self.assertEqual(json.loads(program.line())["up"]["delivered"], 1000)
        self.assertEqual(program.wait(), 0)

    def test_bad_options_are_a_usage_error(self):
        for bad in (["--rate", "fast"], ["--outage", "60"], ["--listen", "localhost:1"]):
            program = self.start("noroshi-shaper", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", *bad)
            self.assertEqual(program.wait(), 64, bad)


if __name__ == "__main__":
    main()
