#!/usr/bin/env python3
"""The independent count, tried on directories where we know the truth: check_test.py PATH/check.py"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = sys.argv.pop(1)

SENT = [
    {"key": "a", "id": "17/12.1/1.0", "node": "wajima", "recipients": ["1", "2"], "sealed_bytes": 304,
     "values": {"cyl_lost": 12, "fires": "?", "power": "out", "comms_working": ["sat_data", "sat_phone"]}},
    {"key": "b", "id": "17/12.1/2.0", "node": "wajima", "recipients": ["2"], "sealed_bytes": 224,
     "values": {"cyl_lost": {"value": 5, "state": "approx"}}},
]


def opened(report):
    values = dict(report["values"])
    if values["cyl_lost"] == 12:
        values["cyl_lost"] = {"value": 12, "state": "exact"}
        values["fires"] = {"state": "unconfirmed"}
        values["comms_working"] = ["sat_phone", "sat_data"]
    return {"id": report["id"], "form": "F1", "values": dict(values, as_of=report["id"])}


class Check(unittest.TestCase):
    def setUp(self):
        self.sent = json.loads(json.dumps(SENT))
        self.desks = {"1": [opened(SENT[0])], "2": [opened(SENT[0]), opened(SENT[1])]}
        self.carried = 900
        self.expect = {"pairs_min": 3, "field": {"node": "wajima", "reports_min": 2}}

    def count(self):
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            (directory / "desks").mkdir()
            lines = lambda rows: "".join(json.dumps(row) + "\n" for row in rows)
            (directory / "sent.jsonl").write_text(lines(self.sent))
            for org, rows in self.desks.items():
                (directory / "desks" / f"{org}.jsonl").write_text(lines(rows))
            (directory / "expect.json").write_text(json.dumps(self.expect))
            way = {"accepted": self.carried, "delivered": self.carried, "lost": 0}
            (directory / "field.json").write_text(
                json.dumps({"up": way, "down": way, "outages": 1, "connections": 2}))
            ran = subprocess.run([sys.executable, CHECK, name], capture_output=True, text=True)
            return ran.returncode, ran.stdout.splitlines()[-1], ran.stdout

    def test_everything_delivered_once(self):
        self.assertEqual(self.count()[:2], (0, "delivered 3 duplicated 0 lost 0"))

    def test_one_missing_at_one_desk_is_one_lost_pair(self):
        del self.desks["1"][0]
        code, last, _ = self.count()
        self.assertEqual((code, last), (1, "delivered 2 duplicated 0 lost 1"))

    def test_a_desk_that_said_nothing_lost_everything_sent_to_it(self):
        del self.desks["2"]
        self.assertEqual(self.count()[:2], (1, "delivered 1 duplicated 0 lost 2"))

    def test_the_same_number_twice_is_a_duplicate(self):
        self.desks["2"].append(opened(SENT[0]))
        self.assertEqual(self.count()[:2], (1, "delivered 3 duplicated 1 lost 0"))

    def test_the_same_words_under_another_number_are_a_duplicate(self):
        again = opened(SENT[1])
        again["id"] = "17/12.1/9.0"
        self.desks["2"].append(again)
        code, last, out = self.count()
        self.assertEqual((code, last), (1, "delivered 3 duplicated 1 lost 0"))
        self.assertIn("unexpected: 17/12.1/9.0", out)

    def test_a_changed_value_is_named(self):
        self.desks["2"][1]["values"]["cyl_lost"] = {"value": 6, "state": "approx"}
        code, _, out = self.count()
        self.assertEqual(code, 1)
        self.assertIn("changed: 17/12.1/2.0 at organisation 2: cyl_lost", out)

    def test_a_state_that_was_dropped_is_a_change(self):
        self.desks["2"][1]["values"]["cyl_lost"] = {"value": 5, "state": "exact"}
        self.assertEqual(self.count()[0], 1)

    def test_an_envelope_nobody_sent_is_named(self):
        self.desks["1"].append({"id": "17/28672.1/1001.0", "values": {}})
        code, last, out = self.count()
        self.assertEqual((code, last), (1, "delivered 3 duplicated 0 lost 0"))
        self.assertIn("unexpected: 17/28672.1/1001.0", out)

    def test_a_letter_that_could_not_be_opened_is_named(self):
        self.desks["1"][0] = {"msg_id": "00ff", "state": "unreadable"}
        code, last, out = self.count()
        self.assertEqual((code, last), (1, "delivered 2 duplicated 0 lost 1"))
        self.assertIn("not opened: 00ff at organisation 1: unreadable", out)

    def test_a_line_that_carried_less_than_what_crossed_it_was_gone_around(self):
        self.carried = 527
        code, _, out = self.count()
        self.assertEqual(code, 1)
        self.assertIn("field line carried 527 bytes, less than the 528", out)

    def test_too_few_is_not_enough(self):
        self.expect["pairs_min"] = 4
        self.assertEqual(self.count()[0], 1)

    def test_another_directory_is_said_to_be_one(self):
        with tempfile.TemporaryDirectory() as name:
            ran = subprocess.run([sys.executable, CHECK, name], capture_output=True, text=True)
            self.assertEqual(ran.returncode, 65)


if __name__ == "__main__":
    unittest.main()
