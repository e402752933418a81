#!/usr/bin/env python3
"""A form that no program was built with: written as a .proto file, compiled by protoc, checked, signed by three of five
officers, handed to one relay. It reaches a branch three relays away, is filled in there, and is read, shown and added up
at the ministry, by the same programs. So is a form that was changed, and what was written before stays readable."""
import json
import os
import shutil
import signal
import subprocess
import time

import harness
import nets
from harness import TestCase, main

EXERCISE, BRANCH = 24001, 1700001
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORMS = os.path.join(TOP, "tests", "support")
PATIENCE = 60  # seconds for something to cross the relays on a machine under load


class Catalogue(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.noto(EXERCISE, BRANCH)
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

    def changed_f1(self):
        """F1 of another year: a changed form keeps the name of its file, so it is compiled in a tree of sources."""
        tree, out = os.path.join(self.dir, "tree"), os.path.join(self.dir, "f1.binpb")
        os.makedirs(os.path.join(tree, "proto", "forms"))
        source = os.path.join("proto", "forms", "f1.proto")
        with open(os.path.join(tree, source), "wb") as file:
            subprocess.run(["sed", "-f", os.path.join(FORMS, "f1_changed.sed"), os.path.join(TOP, source)], stdout=file,
                           check=True)
        subprocess.run(["protoc", "--proto_path=" + tree, "--proto_path=" + TOP, "--descriptor_set_out=" + out,
                        source], check=True, timeout=harness.DEADLINE)
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

    def at_the_ministry(self, number):
        """Every report in the ministry's inbox by its number, once this one is there."""
        def inbox():
            here = {line["id"]: line for line in self.net.facts("ministry", "inbox")}
            return here if number in here else None
        return self.until(inbox, "%s at the ministry" % number, PATIENCE)

    def send_water(self):
        """F12, filled in at the branch under its own rules."""
        new = ("new", "F12", "--incident", EXERCISE, "--to", "2", "--set", "as_of=2024-01-02T11:20", "--set", "muni=17204",
               "--set", "water_state=cut")
        refused = self.net.facts("wajima", *new, "--dry-run", check=(65,))[0]
        self.assertIn("R1201", [problem["rule"] for problem in refused["problems"]])
        return self.net.facts("wajima", *new, "--set", "households_dry=約345", "--set", "well=町野の井戸2か所",
                              "--send")[0]["id"]

    def check_water(self, number):
        """Read by its labels, on the board, and spoken."""
        net, board = self.net, ("board", "--incident", EXERCISE, "--form", "F12")
        report = self.at_the_ministry(number)[number]
        self.assertEqual((report["form"], report["form_known"]), ("F12", True))
        self.assertEqual(report["values"]["households_dry"], {"value": 345, "state": "approx"})
        shown = net.noroshi("ministry", "show", number, language="ja").stdout
        for part in ("水道: 断水", "断水戸数: 約 345戸", "使える井戸: 町野の井戸2か所"):
            self.assertIn(part, shown)
        rolled = net.facts("ministry", *board)[0]
        total = rolled["totals"]["households_dry"]
        self.assertEqual([row["id"] for row in rolled["rows"]], [number])
        self.assertEqual((total["value"], total["state"], total["reports"]), (345, "approx", 1))
        self.assertIn("断水戸数: 約 345戸", net.noroshi("ministry", *board, language="ja").stdout)
        self.assertIn("households_dry", [line["field"] for line in net.facts("ministry", "say", number)[0]["lines"]])

    def test_a_form_made_only_as_data_is_used_three_relays_away(self):
        net, began = self.net, time.monotonic()
        first = net.facts("wajima", "new", "F1", "--six", "1-9-3-2-2-4", "--incident", EXERCISE, "--to", "2", "--set",
                          "muni=17204", "--send")[0]["id"]
        self.assertNotIn("F12", self.forms_at("wajima"))
        net.noroshi("wajima", "new", "F12", check=(64,))

        f12 = self.compiled("f12")
        old = shutil.copy(self.signed(f12), os.path.join(self.dir, "first.object"))
        self.install("ministry", old)
        # Whoever writes asks the relay first: nobody has to synchronize by hand.
        self.until(lambda: net.noroshi("wajima", "new", "F12", check=None).returncode != 64, "F12 at the branch", PATIENCE)
        arrived = time.monotonic()
        water = self.send_water()
        self.check_water(water)

        # Another year: F1 is changed, and the catalogue comes from the other end. There is no way back.
        self.install("wajima", self.signed(f12, self.changed_f1()))
        self.until(lambda: self.forms_at("ministry")["F1"]["version"] == 2, "the changed F1 at the ministry", PATIENCE)
        self.install("national", old)
        self.assertEqual(self.forms_at("national")["F1"]["version"], 2)
        changed = net.facts("wajima", "new", "F1", "--update", first, "--set", "meters_tripped=12", "--to", "2", "--send")[0]
        inbox = self.at_the_ministry(changed["id"])
        self.assertEqual(inbox[changed["id"]]["form_version"], 2)
        self.assertEqual(inbox[changed["id"]]["values"]["meters_tripped"]["value"], 12)
        self.assertEqual((inbox[first]["form_version"], inbox[first]["marks"]), (1, []))
        self.assertTrue(inbox[water]["form_known"])
        print("signed catalogue %d bytes, at the branch after %.1f s, all in %.1f s" % (
            os.path.getsize(old), arrived - began, time.monotonic() - began))


if __name__ == "__main__":
    main()
