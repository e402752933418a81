#!/usr/bin/env python3
"""A report that has nowhere to go is not merely waiting: outbox says so, and doctor names the command."""
import harness
import nets
from harness import TestCase, main

EXERCISE, DEALER = 24001, 1700201


class Route(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(DEALER, "訓練輪島第一販売所", ["17204"], 2140)
        net.exercise(EXERCISE, "能登半島地震 訓練", ["17"])
        net.enrol()  # and no link at all: the association's relay knows nobody
        net.start()

    def checks(self):
        return {line["check"]: line for line in self.net.facts("ishikawa", "doctor", check=(78,))}

    def fates(self):
        sent = self.net.facts("ishikawa", "outbox")[0]
        return {one["org"]: (one["state"], one.get("reason")) for one in sent["per_recipient"]}

    def test_a_report_without_a_way_is_named(self):
        self.assertEqual(
            {line["check"]: line for line in self.net.facts("ishikawa", "doctor", check=(0, 78))}["route"]["state"], "ok")
        self.net.facts("ishikawa", "new", "F1", "--incident", EXERCISE, "--to", "1,17", "--for", DEALER, "--six",
                       "1-9-3-2-2-4", "--send")
        self.assertEqual(self.fates()["1"], ("queued", "no_route"))
        route = self.checks()["route"]
        self.assertEqual(route["state"], "ng")
        self.assertIn("--check-config", route["command"])


if __name__ == "__main__":
    main()
