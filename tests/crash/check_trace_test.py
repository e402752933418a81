#!/usr/bin/env python3
"""check_trace.py on traces written by hand: what it must accept, what it must name, what proves nothing."""
import os
import subprocess
import sys
import tempfile
import unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_trace.py")
OPEN = """\
7 openat(AT_FDCWD</>, "/s/data.mdb", O_RDWR|O_CREAT, 0600) = 5</s/data.mdb>
7 openat(AT_FDCWD</>, "/s/data.mdb", O_WRONLY|O_DSYNC|O_CLOEXEC) = 6</s/data.mdb>
"""
TAKE = '8 recvfrom(9<TCP:[127.0.0.1:1->127.0.0.1:2]>, "x"..., 8192, 0, NULL, NULL) = 400\n'
DATA = '7 pwrite64(5</s/data.mdb>, ""..., 4096, 8192) = 4096\n'
SYNC = "7 fdatasync(5</s/data.mdb>) = 0\n"
ROOT = '7 pwrite64(6</s/data.mdb>, ""..., 120, 32) = 120\n'
ACK = '8 sendto(9<TCP:[127.0.0.1:1->127.0.0.1:2]>, "y"..., 60, MSG_NOSIGNAL, NULL, 0) = 60\n'


def check(trace, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".trace") as file:
        file.write(OPEN + trace)
        file.flush()
        run = subprocess.run([sys.executable, CHECKER, file.name, "--store", "/s", "--ack", "^9<TCP", "--intake", "^9<TCP",
                              *options], capture_output=True, text=True, check=False)
        return run.returncode


class CheckTrace(unittest.TestCase):
    def test_an_ack_after_its_commit_is_good(self):
        self.assertEqual(check(TAKE + DATA + SYNC + ROOT + ACK), 0)

    def test_an_ack_before_any_write_is_too_early(self):
        self.assertEqual(check(TAKE + ACK + DATA + SYNC + ROOT), 1)

    def test_an_ack_before_the_sync_is_too_early(self):
        self.assertEqual(check(TAKE + DATA + ACK + SYNC + ROOT), 1)

    def test_an_ack_before_the_root_is_too_early(self):
        self.assertEqual(check(TAKE + DATA + SYNC + ACK + ROOT), 1)

    def test_a_sync_that_failed_is_none(self):
        self.assertEqual(check(TAKE + DATA + SYNC.replace("= 0", "= -1 EIO (Input/output error)") + ROOT + ACK), 1)

    def test_a_root_through_an_ordinary_descriptor_is_not_on_disk(self):
        self.assertEqual(check(TAKE + DATA + SYNC + ROOT.replace("6<", "5<") + ACK), 1)

    def test_an_ack_while_another_thread_still_syncs_is_too_early(self):
        unfinished = "7 fdatasync(5</s/data.mdb> <unfinished ...>\n"
        resumed = "7 <... fdatasync resumed>) = 0\n"
        self.assertEqual(check(TAKE + DATA + unfinished + ACK + resumed + ROOT), 1)
        self.assertEqual(check(TAKE + DATA + unfinished + resumed + ROOT + ACK), 0)

    def test_a_write_during_a_sync_is_not_covered_by_it(self):
        unfinished = "7 fdatasync(5</s/data.mdb> <unfinished ...>\n"
        resumed = "7 <... fdatasync resumed>) = 0\n"
        self.assertEqual(check(TAKE + DATA + unfinished + DATA.replace("7 ", "9 ") + resumed + ROOT + ACK), 1)

    def test_a_send_that_begins_too_early_is_judged_by_its_beginning(self):
        begun = ACK.replace(") = 60\n", " <unfinished ...>\n")
        self.assertEqual(check(TAKE + begun + DATA + SYNC + ROOT + "8 <... sendto resumed>) = 60\n"), 1)

    def test_a_send_that_sent_nothing_is_no_ack(self):
        refused = ACK.replace("= 60", "= -1 EAGAIN (Resource temporarily unavailable)")
        self.assertEqual(check(TAKE + refused + DATA + SYNC + ROOT + ACK), 0)

    def test_the_next_turn_may_begin_while_an_ack_leaves_if_only_lockstep_is_asked(self):
        trace = TAKE + DATA + SYNC + ROOT + DATA + ACK
        self.assertEqual(check(trace, "--rule", "lockstep"), 0)
        self.assertEqual(check(trace, "--rule", "clean"), 1)

    def test_small_sends_and_reads_can_be_left_out(self):
        heartbeat_in, heartbeat_out = TAKE.replace("= 400", "= 20"), ACK.replace("= 60", "= 9")
        trace = heartbeat_out + TAKE + heartbeat_out + DATA + SYNC + ROOT + ACK + heartbeat_in + ACK
        self.assertEqual(check(trace, "--ack-min", "20", "--intake-min", "100"), 0)
        self.assertEqual(check(trace), 1)

    def test_other_files_and_descriptors_do_not_count(self):
        lock = DATA.replace("data.mdb", "lock.mdb")
        log = '7 write(2</var/log/x>, "line", 4) = 4\n'
        self.assertEqual(check(TAKE + DATA + SYNC + ROOT + lock + log + ACK), 0)

    def test_a_trace_without_acks_or_commits_proves_nothing(self):
        self.assertEqual(check(TAKE + DATA + SYNC + ROOT), 2)
        self.assertEqual(check(ACK), 2)


if __name__ == "__main__":
    unittest.main()
