#!/usr/bin/env python3
"""The network check sees what it should, and two relays that exchange a report pass it."""
import os
import subprocess
import sys
import unittest

import harness
from check_network import violations
from harness import TestCase, main

HERE = os.path.dirname(os.path.abspath(__file__))


class Trace(unittest.TestCase):
    def found(self, line, *allowed):
        return [(where, why) for _, where, why in violations([line], set(allowed))]

    def test_loopback_and_unix_are_inside(self):
        for line in ('1 connect(3, {sa_family=AF_INET, sin_port=htons(7117), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
                     '1 connect(3, {sa_family=AF_INET6, sin6_port=htons(7117), sin6_flowinfo=htonl(0), '
                     'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
                     '1 connect(3, {sa_family=AF_UNIX, sun_path="/run/noroshi/control.sock"}, 110) = 0',
                     '1 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)',
                     '1 sendto(3, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1',
                     '1 bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0'):
            self.assertEqual(self.found(line), [], line)

    def test_an_address_outside_is_found_unless_it_is_named(self):
        line = '1 connect(3, {sa_family=AF_INET, sin_port=htons(7117), sin_addr=inet_addr("203.0.113.5")}, 16) = 0'
        self.assertEqual(self.found(line), [("203.0.113.5:7117", "not named in the configuration")])
        self.assertEqual(self.found(line, "203.0.113.5:7117"), [])
        self.assertEqual(len(self.found(line, "203.0.113.5:80")), 1)

    def test_name_look_ups_are_found_everywhere(self):
        for line in ('1 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
                     '1 sendto(3, "..", 2, 0, {sa_family=AF_INET, sin_port=htons(5353), '
                     'sin_addr=inet_addr("224.0.0.251")}, 16) = 2',
                     '1 connect(3, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0',
                     '1 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0'):
            self.assertEqual(len(self.found(line)), 1, line)

    def test_every_message_of_a_batch_is_looked_at(self):
        line = ('1 sendmmsg(3, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), '
                'sin_addr=inet_addr("127.0.0.1")}}}, {msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), '
                'sin_addr=inet_addr("192.0.2.1")}}}], 2, 0) = 2')
        self.assertEqual(self.found(line), [("192.0.2.1:9", "not named in the configuration")])

    def test_a_call_that_was_interrupted_is_put_together(self):
        begun = '1 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110 <unfinished ...>'
        other = '2 sendto(3, "x", 1, 0, NULL, 0) = 1'
        end = "1 <... connect resumed>) = -1 ENOENT (No such file or directory)"
        self.assertEqual(violations([begun, other, end], set()), [])
        self.assertEqual(len(violations([begun, other, end.replace("-1 ENOENT", "0")], set())), 1)


class Run(TestCase):
    def check(self, *command):
        return subprocess.run([sys.executable, os.path.join(HERE, "check_network.py"), "--", *command],
                              capture_output=True, text=True, timeout=300)

    def python(self, code):
        return self.check(sys.executable, "-c", "import socket; " + code)

    def test_what_a_program_does_is_seen(self):
        done = self.python("s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))")
        self.assertEqual(done.returncode, 76)
        self.assertIn("connect 192.0.2.1:9", done.stderr)

    def test_a_look_up_is_seen(self):
        done = self.python("socket.getaddrinfo('noroshi.invalid', 1)")
        # Where no name server is configured the C library asks loopback, and that is seen as well.
        self.assertEqual(done.returncode, 76, done.stderr)

    def test_a_quiet_program_keeps_its_code(self):
        self.assertEqual(self.python("raise SystemExit(3)").returncode, 3)

    def test_two_relays_reach_for_nothing_else(self):
        done = self.check(sys.executable, os.path.join(HERE, "daemon_test.py"), "--bin", harness.BIN,
                          "Links.test_a_report_crosses_and_its_receipt_comes_back")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    main()
