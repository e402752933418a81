#!/usr/bin/env python3
"""Laptops whose clock is wrong: nine hours ahead or behind, as where another system keeps local time, a day ahead, or at
the year 2000, as after a flat battery. Each flash report is read at the ministry with its priority and its mark, and the
newest word of the branch is what its board shows."""
import datetime

import harness
import nets
from harness import TestCase, main

BRANCH = 1700001
NINE_HOURS, ONE_DAY = 9 * 3600, 24 * 3600
YEAR_2000 = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
PATIENCE = 120  # seconds for a report to cross three relays on a machine under load


class WrongClock(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(BRANCH, "輪島支部", ["17204"], 5000)
        net.branch(BRANCH)
        # Yesterday: a clock nine hours behind is not behind what the roots have signed.
        net.clock = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        net.enrol()
        net.start()

    def set_clock(self, offset):
        """The laptop is switched off and on again with another clock."""
        wajima = self.net.laptops["wajima"]
        wajima.daemon.kill()
        wajima.clock_offset = int(offset)
        self.net.configure(wajima)
        self.net.serve(wajima)
        wrong = offset != 0  # which its relay learns from its neighbour
        self.until(lambda: self.net.facts("wajima", "status")[0]["clock"]["suspect"] == wrong, "heard the neighbour's time")

    def check_report(self, name, stopped, marks):
        sent = self.net.facts("wajima", "new", "F1", "--set", "households_stopped=%d" % stopped, "--priority", "flash",
                              "--send")[0]

        def read():
            return next((line for line in self.net.facts("ministry", "inbox") if line.get("id") == sent["id"]), None)
        got = self.until(read, "%s at the ministry" % sent["id"], PATIENCE)
        print("%s: %s, %s at the ministry, created %s, first seen %s, marks %s" % (
            name, sent["id"], got["priority"], got["created"], got["first_seen"], " ".join(got["marks"])))
        self.assertEqual(got["priority"], "flash")
        self.assertEqual([mark for mark in got["marks"] if mark != "incomplete"], marks)
        for language, word in (("ja", "[時刻不確実]"), ("en", "[time doubtful]")):
            for words in (("inbox",), ("show", sent["id"])):
                lines = self.net.noroshi("ministry", *words, language=language).stdout.splitlines()
                line = next(line for line in lines if sent["id"] in line)
                self.assertEqual(word in line, "time_doubtful" in marks, line)
        board = self.net.facts("ministry", "board")[0]
        self.assertEqual([row["id"] for row in board["rows"]], [sent["id"]], "the newest word of the branch")
        self.assertEqual(board["totals"]["households_stopped"]["value"], stopped)
        return sent["id"]

    def test_each_flash_report_is_read_with_its_priority_and_its_mark_and_the_newest_stands(self):
        self.set_clock(-NINE_HOURS)
        self.check_report("9 h behind", 10, ["time_doubtful"])
        self.set_clock(NINE_HOURS)
        self.check_report("9 h ahead", 20, ["time_doubtful"])
        self.set_clock(ONE_DAY)
        self.check_report("one day ahead", 25, ["time_doubtful"])
        self.set_clock((YEAR_2000 - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
        self.check_report("at 2000-01-01", 30, ["time_doubtful"])
        self.set_clock(0)
        self.check_report("set right", 40, [])


if __name__ == "__main__":
    main()
