#!/usr/bin/env python3
"""A laptop that was put away for 420 days and is needed today: its certificate has expired, its roster is from then, and
so are the keys it seals to; its battery may be flat. Its flash report is read at the ministry all the same, with its
priority and with the marks that say so."""
import datetime

import harness
import nets
from harness import TestCase, main

BRANCH = 1700001
UNUSED = datetime.timedelta(days=420)
YEAR_2000 = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
EPOCHS_AHEAD, EPOCHS_EVERY = 8, 2  # weeks that are made at once; a bundle has the secrets of two
PATIENCE = 120  # seconds for a report to cross three relays on a machine under load


class OldNetwork(nets.Network):
    """A network whose ceremony was held 420 days ago. The laptop has seen nothing since; its certificate was for 400 days,
    the others' for longer."""

    def __init__(self, directory, bin_directory):
        super().__init__(directory, bin_directory)
        self.clock = datetime.datetime.now(datetime.timezone.utc) - UNUSED
        self.valid_days = None
        self.keeps_secrets = True  # do desks in use still hold the secrets of then?

    def keys(self, *words):
        if words[:2] == ("device", "certify"):
            words += ("--days", self.valid_days)
        return super().keys(*words)

    def certify(self, laptop):
        self.valid_days = 400 if laptop.name == "wajima" else 800
        super().certify(laptop)

    def install(self, laptop):
        if laptop.name == "wajima" or not self.clock or self.keeps_secrets:
            super().install(laptop)

    def deliver_weekly(self):
        """Each week's epoch secrets, as long as those of then lasted."""
        began = self.clock
        for weeks in range(EPOCHS_EVERY, EPOCHS_AHEAD + 1, EPOCHS_EVERY):
            self.clock = began + datetime.timedelta(weeks=weeks)
            self.publish()
            for laptop in self.laptops.values():
                if laptop.name != "wajima":
                    self.install(laptop)

    def go_on(self):
        """Today: a new roster, this week's epochs; every machine that is in use takes them. Where the old secrets are gone,
        their epochs are void."""
        self.clock = None
        self.keys("group", "add", "--dir", self.root, "--id", "0x801", "--name", "全組織", "--members", "1,2,17")
        for officer in range(1, nets.THRESHOLD + 1):
            self.keys("roster", "sign", "--dir", self.root, "--key", "%s/root-%d.key" % (self.root, officer))
        for number, *_ in self.organisations:
            home = self.admin(number)
            before = len(self.keys("epoch", "list", "--home", home, "--owner", number).splitlines())
            self.keys("epoch", "new", "--home", home)
            if not self.keeps_secrets:
                self.keys("epoch", "void", "--home", home, "--first", 1, "--last", before, "--successor", before + 1)
        self.publish()
        for number, *_ in self.organisations:
            self.keys("trust", "add", "--home", self.admin(number),
                      *[self.bundle(other) for other, *_ in self.organisations if other != number])
        self.publish()
        for laptop in self.laptops.values():
            if laptop.name != "wajima":
                self.install(laptop)


class OldLaptop(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = OldNetwork(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(BRANCH, "輪島支部", ["17204"], 5000)
        net.branch(BRANCH)

    def send(self):
        """Sealed while the laptop still knows nothing of today."""
        sent = self.net.facts("wajima", "new", "F1", "--six", "1-9-3-2-2-4", "--priority", "flash", "--send", check=(75,))[0]
        self.assertEqual(sent["state"], "signed")
        self.net.start()
        return sent["id"]

    def read(self, number):
        """The line of the report in the ministry's inbox; who wrote it keeps in touch with its relay meanwhile."""
        def read():
            self.net.noroshi("wajima", "sync")
            return next((line for line in self.net.facts("ministry", "inbox") if line.get("id") == number), None)
        got = self.until(read, "%s at the ministry" % number, PATIENCE)
        print("%s: %s, %s at the ministry, marks %s" % (self._testMethodName, number, got["priority"],
                                                        " ".join(got["marks"])))
        self.assertEqual(got["priority"], "flash")
        self.assertEqual(got["values"]["six_supply"], "to_100")
        self.assertEqual(got["unit"], BRANCH)
        self.check_people_see(number, got["marks"])
        self.check_author_knows(number)
        return got["marks"]

    def check_people_see(self, number, marks):
        """Each mark has its words in both languages, in the inbox and beside the report itself."""
        shown = self.net.facts("ministry", "show", number)[0]
        self.assertEqual((shown["marks"], shown["priority"]), (marks, "flash"))
        for language, flash in (("ja", "至急"), ("en", "FLASH")):
            for words in (("inbox",), ("show", number)):
                line = self.net.noroshi("ministry", *words, language=language).stdout.splitlines()[0]
                self.assertIn(flash, line)
                self.assertEqual(line.count("["), len(marks), line)
        board = self.net.facts("ministry", "board")[0]
        self.assertEqual(board["coverage"]["units_heard"], 1)
        self.assertEqual([row["id"] for row in board["rows"]], [number])

    def check_author_knows(self, number):
        def opened():
            line = next(line for line in self.net.facts("wajima", "outbox") if line["id"] == number)
            return {one["org"]: one["state"] for one in line["per_recipient"]}[str(nets.MINISTRY)] == "opened"
        self.until(opened, "the author knows that it was opened", PATIENCE)

    def test_its_report_is_read_with_its_priority_and_its_marks(self):
        self.net.enrol()
        self.net.deliver_weekly()
        self.net.go_on()
        self.assertEqual(self.read(self.send()), ["certificate_expired", "sender_roster_old", "old_epoch"])

    def test_its_report_is_read_though_its_battery_is_flat(self):
        wajima = self.net.laptops["wajima"]
        wajima.clock_offset = int((YEAR_2000 - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
        self.net.enrol()
        self.net.go_on()
        marks = self.read(self.send())
        self.assertEqual(marks, ["time_doubtful", "certificate_expired", "old_epoch"])

    def test_its_report_is_read_though_the_epoch_it_was_sealed_to_no_longer_exists(self):
        self.net.keeps_secrets = False
        self.net.enrol()
        self.net.go_on()
        marks = self.read(self.send())
        self.assertEqual(marks, ["certificate_expired", "resealed"])


if __name__ == "__main__":
    main()
