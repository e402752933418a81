#!/usr/bin/env python3
"""A form that no program was built with: written as a .proto file, compiled by protoc, checked, signed by three of five
officers, handed to one relay. It reaches a branch three relays away, is filled in there, and is read, shown and added up
at the ministry, by the same programs."""
import json
import os
import signal
import subprocess
import time

import harness
import nets
from harness import TestCase, main

EXERCISE, BRANCH = 24001, 1700001
FORMS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support")
PATIENCE = 60  # seconds for something to cross the relays on a machine under load


class Catalogue(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(BRANCH, "訓練輪島支部", ["17204"], 2140)
        net.exercise(EXERCISE, "能登半島地震 訓練", ["17"])
        net.branch(BRANCH)
        net.enrol()
        net.start()

    def compiled(self, name):
        """As an administrator does it who has protoc and the forms in use, and no source tree."""
        base, out = os.path.join(self.dir, "base.binpb"), os.path.join(self.dir, name + ".binpb")
        self.net.noroshi("national", "form", "export", "--descriptors", base)
        subprocess.run(["protoc", "--descriptor_set_in=" + base, "--proto_path=" + FORMS, "--descriptor_set_out=" + out,
                        name + ".proto"], check=True, timeout=harness.DEADLINE)
        self.net.noroshi("national", "form", "lint", out)
        return out

    def signed(self, *files):
        """The draft, signed one after the other; the third signature publishes it."""
        net = self.net
        net.keys("catalogue", "draft", "--dir", net.root, *files)
        for officer in range(1, nets.THRESHOLD + 1):
            said = net.keys("catalogue", "sign", "--dir", net.root, "--key", os.path.join(net.root, "root-%d.key" % officer),
                            "--json")
        self.assertTrue(json.loads(said.splitlines()[0])["published"])
        return os.path.join(net.root, "catalogue.object")

    def install(self, laptop, file):
        self.net.keys("trust", "add", "--home", self.net.laptops[laptop].home, file)
        daemon = self.net.laptops[laptop].daemon
        daemon.signal(signal.SIGHUP)
        daemon.log("event=reloaded")

    def forms_at(self, laptop):
        self.net.noroshi(laptop, "sync")
        return {line["form"]: line for line in self.net.facts(laptop, "form", "list")}

    def test_a_form_made_only_as_data_is_used_three_relays_away(self):
        net, began = self.net, time.monotonic()
        self.assertNotIn("F12", self.forms_at("wajima"))
        net.noroshi("wajima", "new", "F12", check=(64,))

        file = self.signed(self.compiled("f12"))
        self.install("ministry", file)
        self.until(lambda: "F12" in self.forms_at("wajima"), "F12 at the branch", PATIENCE)
        arrived = time.monotonic()
        self.assertEqual(self.forms_at("wajima")["F12"]["en"], "Water supply")

        new = ("new", "F12", "--incident", EXERCISE, "--to", "2", "--set", "as_of=2024-01-02T11:20", "--set", "muni=17204",
               "--set", "water_state=cut")
        refused = net.facts("wajima", *new, "--dry-run", check=(65,))[0]  # its own rule holds
        self.assertIn("R1201", [problem["rule"] for problem in refused["problems"]])
        sent = net.facts("wajima", *new, "--set", "households_dry=約345", "--set", "well=町野の井戸2か所", "--send")[0]

        def read():
            here = [line for line in net.facts("ministry", "inbox") if line["id"] == sent["id"]]
            return here[0] if here else None
        report = self.until(read, "the report at the ministry", PATIENCE)
        self.assertEqual(report["form"], "F12")
        self.assertEqual(report["values"]["households_dry"], {"value": 345, "state": "approx"})
        shown = net.noroshi("ministry", "show", sent["id"], language="ja").stdout
        for part in ("水道: 断水", "断水戸数: 約 345戸", "使える井戸: 町野の井戸2か所"):
            self.assertIn(part, shown)
        board = net.facts("ministry", "board", "--incident", EXERCISE, "--form", "F12")[0]
        self.assertEqual(board["form"], "F12")
        self.assertEqual([row["id"] for row in board["rows"]], [sent["id"]])
        total = board["totals"]["households_dry"]
        self.assertEqual((total["value"], total["state"], total["reports"]), (345, "approx", 1))
        self.assertIn("断水戸数: 約 345戸", net.noroshi("ministry", "board", "--incident", EXERCISE, "--form", "F12",
                                                    language="ja").stdout)
        spoken = net.facts("ministry", "say", sent["id"])[0]
        self.assertIn("households_dry", [line["field"] for line in spoken["lines"]])
        print("signed catalogue %d bytes, at the branch after %.1f s, all in %.1f s" % (
            os.path.getsize(file), arrived - began, time.monotonic() - began))


if __name__ == "__main__":
    main()
