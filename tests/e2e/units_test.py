#!/usr/bin/env python3
"""Figures belong to units, not to devices: whoever types, and from whatever laptop, a unit is counted once."""
import json
import os
import signal

import harness
import nets
from harness import TestCase, main

EXERCISE, DEALER = 24001, 1700201
PATIENCE = 120  # seconds for a report to cross the relays on a machine under load


class Units(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(DEALER, "訓練輪島第一販売所", ["17204"], 2140)
        net.unit(DEALER + 1, "訓練輪島第二販売所", ["17204"], 1320)
        net.exercise(EXERCISE, "能登半島地震 訓練", ["17"])
        net.laptop("dealer", nets.ISHIKAWA, role="field", unit=DEALER, relay="ishikawa")
        net.laptop("replacement", nets.ISHIKAWA, role="field", unit=DEALER, relay="ishikawa")
        net.link("ishikawa", "national")
        net.link("national", "ministry")
        net.enrol()
        net.start()

    def report(self, who, stopped, *more):
        values = dict.fromkeys(("cyl_lost", "cyl_fallen", "cyl_buried", "gas_leaks", "fires", "explosions", "deaths",
                                "missing", "serious_inj", "minor_inj"), 0)
        values.update(
            occurred_at="2024-01-01T16:10", hazard_kind="earthquake", max_intensity="7", staff_safety="all_safe",
            office_status="partial", households_stopped=stopped, can_deliver="limited", road_access="detour", power="out",
            comms_working=["sat_phone"], help_needed="none", checked_scope="some", checked_households=200)
        path = os.path.join(self.dir, "values.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(values, file)
        return self.net.facts(who, "new", "F1", "--incident", EXERCISE, "--to", "1,2,17", "--from", path, *more,
                              "--send")[0]["id"]

    def check_board(self, desk, number, stopped):
        """The unit stands there once, with this report and no other figure."""
        def shown():
            board = self.net.facts(desk, "board", "--incident", EXERCISE)[0]
            return board if [row["id"] for row in board["rows"]] == [number] else None
        board = self.until(shown, "%s alone on the board of %s" % (number, desk), PATIENCE)
        coverage, total = board["coverage"], board["totals"]["households_stopped"]
        print("%s: %s alone, %d of %d units heard, %d households stopped in %d report, %d checked" % (
            desk, number, coverage["units_heard"], coverage["units_expected"], total["value"], total["reports"],
            coverage["households_checked"]))
        self.assertEqual((coverage["units_heard"], coverage["units_expected"]), (1, 2))
        self.assertEqual(coverage["households_checked"], 200)
        self.assertEqual((total["value"], total["reports"]), (stopped, 1))
        self.assertEqual(board["rows"][0]["unit"], DEALER)

    def replace_laptop(self):
        """The old one is given up: its key is revoked, and the association's relay tells everybody."""
        ishikawa = self.net.laptops["ishikawa"]
        self.net.keys("revoke", "--home", self.net.admin(nets.ISHIKAWA), "--device", self.net.laptops["dealer"].person_device,
                      "--reason", "replaced")
        self.net.publish()
        self.net.install(ishikawa)
        ishikawa.daemon.signal(signal.SIGHUP)
        ishikawa.daemon.log("event=reloaded")

    def fates(self, desk):
        return {line["id"]: (line["fate"], line["proxy"]) for line in self.net.facts(desk, "inbox")}

    def test_typed_by_proxy_then_sent_by_itself_then_from_a_replaced_laptop(self):
        """The national body looks only when all is over, and finds what the others saw step by step."""
        proxy = self.report("ishikawa", 100, "--for", DEALER, "--told-by", "店主", "--channel", "phone")
        for desk in ("ishikawa", "ministry"):
            self.check_board(desk, proxy, 100)
        own = self.report("dealer", 120)
        for desk in ("ishikawa", "ministry"):
            self.check_board(desk, own, 120)
        self.replace_laptop()
        again = self.report("replacement", 90)
        for desk in ("ishikawa", "ministry", "national"):
            self.check_board(desk, again, 90)
        self.assertEqual(self.fates("ministry"), {proxy: ("proxy_passed", True), own: ("replaced", False),
                                                  again: ("standing", False)})


if __name__ == "__main__":
    main()
