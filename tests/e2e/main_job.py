#!/usr/bin/env python3
"""The main job: a field report crosses a slow line to the ministry, and its author learns that it was opened."""
import json
import os

import harness
import nets
from harness import TestCase, main

EXERCISE, WAJIMA = 24001, 1700001
FLASH = {
    "occurred_at": "2024-01-01T16:10", "hazard_kind": "earthquake", "max_intensity": "6+", "staff_safety": "all_safe",
    "office_status": "partial", "households_stopped": 345, "cyl_lost": 12, "cyl_scope": "consumer",
    "cyl_fallen": {"value": 40, "state": "approx"}, "cyl_buried": "?", "gas_leaks": 0, "fires": 0, "explosions": 0,
    "deaths": 0, "missing": 0, "serious_inj": 0, "minor_inj": 0, "can_deliver": "limited", "road_access": "detour",
    "power": "out", "comms_working": ["sat_data"], "help_needed": "none", "checked_scope": "some",
    "checked_households": 120, "source_kind": "own_obs", "confidence": "confirmed", "clock_quality": "gnss",
    "remarks": "門前町道下で流出12本"}
PATIENCE = 120  # seconds for a report over a satellite line on a machine under load


class MainJob(TestCase):
    def setUp(self):
        super().setUp()
        self.net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(self.net.end)
        net = self.net
        net.offices()
        net.unit(WAJIMA, "輪島支部", ["17204"], 5000)
        net.unit(WAJIMA + 1, "珠洲支部", ["17205"], 3000)
        net.exercise(EXERCISE, "能登半島地震 訓練", ["17"])
        net.branch(WAJIMA, shape={"rate": 9600, "delay": 300}, profile="satellite-2400")
        net.enrol()

    def write(self, values):
        path = os.path.join(self.dir, "report.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(values, file)
        return path

    def send(self, *more, check=(0,)):
        return self.net.facts("wajima", "new", "F1", "--incident", EXERCISE, *more, "--send", check=check)[0]

    def inbox(self, laptop, number):
        found = [line for line in self.net.facts(laptop, "inbox") if line.get("id") == number]
        return found[0] if found else None

    def state_to(self, number, org):
        line = [one for one in self.net.facts("wajima", "outbox") if one["id"] == number][0]
        return {one["org"]: one["state"] for one in line["per_recipient"]}[str(org)]

    def board(self, laptop):
        return self.net.facts(laptop, "board", "--incident", EXERCISE)[0]

    def test_a_flash_report_is_read_at_the_ministry_and_its_author_knows(self):
        self.net.start()
        sent = self.send("--priority", "flash", "--from", self.write(FLASH))
        self.assertEqual(sent["state"], "queued")
        self.assertEqual(sent["recipients"], ["1", "2", "17"])

        arrived = self.until(lambda: self.inbox("ministry", sent["id"]), "the report at the ministry", PATIENCE)
        self.assertEqual(arrived["values"]["households_stopped"], {"value": 345, "state": "exact"})
        self.assertEqual(arrived["values"]["remarks"], FLASH["remarks"])
        self.assertEqual((arrived["unit"], arrived["muni"], arrived["priority"]), (WAJIMA, "17204", "flash"))

        board = self.board("ministry")
        self.assertTrue(board["exercise"])
        self.assertEqual((board["coverage"]["units_heard"], board["coverage"]["units_expected"]), (1, 2))
        self.assertEqual((board["coverage"]["households_checked"], board["coverage"]["households_served"]), (120, 8000))
        self.assertEqual(board["totals"]["households_stopped"]["value"], 345)
        self.assertEqual(board["totals"]["cyl_buried"]["unconfirmed"], 1)

        self.until(lambda: self.state_to(sent["id"], nets.MINISTRY) == "opened", "opened at the sender", PATIENCE)
        self.check_a_correction(sent)

    def check_a_correction(self, sent):
        corrected = self.send("--correct", sent["id"], "--reason", "桁の誤り", "--set", "households_stopped=34")
        self.until(lambda: self.inbox("ministry", corrected["id"]), "the correction at the ministry", PATIENCE)
        board = self.board("ministry")
        self.assertEqual(board["totals"]["households_stopped"]["value"], 34)
        self.assertEqual(len(board["rows"]), 1)
        self.assertEqual(self.net.facts("ministry", "show", sent["id"])[0]["fate"], "superseded")

    def test_a_report_sealed_before_the_relay_runs_is_handed_over_later(self):
        sent = self.send("--six", "1-9-3-2-2-4", check=(75,))
        self.assertEqual(sent["state"], "signed")
        self.net.start()
        self.net.noroshi("wajima", "sync")
        self.until(lambda: self.inbox("ministry", sent["id"]), "the report at the ministry", PATIENCE)
        six = self.board("ministry")["six"]
        self.assertEqual(six["six_supply"], {"to_100": 1})

    def test_a_question_reaches_the_branch_and_its_answer_the_ministry(self):
        self.net.start()
        sent = self.send("--from", self.write(FLASH))
        self.until(lambda: self.inbox("ministry", sent["id"]), "the report at the ministry", PATIENCE)
        asked = self.net.facts("ministry", "ask", nets.ISHIKAWA, "--subject", "戸数", "--body", "345戸は全戸ですか",
                               "--regarding", sent["id"])[0]
        # The association's desk passes it on to the branch's device, which holds no secret of its organisation.
        self.until(lambda: self.inbox("ishikawa", asked["id"]), "the question at the association", PATIENCE)
        self.until(lambda: self.inbox("wajima", asked["id"]), "the question at the branch", PATIENCE)
        answered = self.net.facts("wajima", "answer", asked["id"], "はい、全戸です")[0]
        got = self.until(lambda: self.inbox("ministry", answered["id"]), "the answer at the ministry", PATIENCE)
        self.assertEqual(got["values"]["answer_text"], "はい、全戸です")
        self.assertEqual(got["values"]["regarding"], [asked["id"]])


if __name__ == "__main__":
    main()
