#!/usr/bin/env python3
"""A report that no line carries goes by paper: printed at the branch, read by a real reader of codes, brought in at the
association, and still one report when the line opens."""
import json
import os
import stat

import harness
import nets
import qr_reader
from harness import TestCase, main

EXERCISE, BRANCH = 24001, 1700001
PATIENCE = 120  # seconds for a report to cross the relays on a machine under load


class Paper(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.noto(EXERCISE, BRANCH, shape={"delay": 1})
        net.enrol()
        for laptop in reversed(net.laptops.values()):  # the line of the branch is not there yet
            net.serve(laptop)

    def report(self, stopped):
        values = dict.fromkeys(("cyl_lost", "cyl_fallen", "cyl_buried", "gas_leaks", "fires", "explosions", "deaths",
                                "missing", "serious_inj", "minor_inj"), 0)
        values.update(
            occurred_at="2024-01-01T16:10", hazard_kind="earthquake", max_intensity="7", staff_safety="all_safe",
            office_status="partial", households_stopped=stopped, can_deliver="limited", road_access="detour", power="out",
            comms_working=["sat_phone"], help_needed="none", checked_scope="some", checked_households=200)
        path = self.path("values.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(values, file)
        return self.net.facts("wajima", "new", "F1", "--incident", EXERCISE, "--to", "1,2,17", "--from", path, "--send",
                              check=(0, 75))[0]["id"]

    def path(self, name):
        return os.path.join(self.dir, name)

    def printed(self, number, name, *options):
        """The file's text, and what print says of it."""
        facts = self.net.facts("wajima", "print", number, "--out", self.path(name), *options)[0]
        self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read(), facts

    def board(self, desk):
        return self.net.facts(desk, "board", "--incident", EXERCISE)[0]

    def check_board(self, desk, number, stopped):
        """The report stands there once."""
        board = self.until(lambda: self.board(desk) if self.board(desk)["rows"] else None,
                           "%s on the board of %s" % (number, desk), PATIENCE)
        total = board["totals"]["households_stopped"]
        self.assertEqual([row["id"] for row in board["rows"]], [number])
        self.assertEqual((total["value"], total["reports"]), (stopped, 1))

    def refused(self, code, word, *words):
        done = self.net.noroshi("ishikawa", "import", *words, check=(code,))
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(word, done.stderr)

    def test_a_report_without_a_line_goes_by_paper_and_is_one_report_for_ever(self):
        number = self.report(120)
        self.assertEqual(self.net.facts("wajima", "outbox")[0]["state"], "queued")
        text, facts = self.printed(number, "report.txt")
        codes = qr_reader.in_text(text)
        print("%d pages, %d codes of %s characters, envelope of %d bytes" % (
            facts["pages"], len(codes), [len(code) for code in codes],
            self.net.facts("wajima", "outbox")[0]["sealed_bytes"]))
        self.assertEqual(len(codes), facts["codes"])
        page, _ = self.printed(number, "report.html", "--html")
        self.assertEqual(sorted(qr_reader.in_html(page)), sorted(codes))

        # What went wrong on the way takes nothing in.
        slip = codes[0][:-1] + ("A" if codes[0][-1] != "A" else "B")
        self.refused(65, "read wrongly", "--qr-text", slip, *codes[1:])
        self.refused(65, "missing", "--qr-text", codes[0])
        raw = self.net.noroshi("wajima", "show", number, "--raw").stdout.strip()
        forged = self.path("forged")
        with open(forged, "wb") as file:
            file.write(bytes.fromhex(raw[:-2] + "%02x" % (int(raw[-2:], 16) ^ 1)))
        self.refused(76, "signature", forged)
        self.assertEqual(self.board("ishikawa")["rows"], [])

        # By paper, and again by paper and as a file.
        first = self.net.facts("ishikawa", "import", "--qr-text", *reversed(codes))[0]
        self.assertEqual((first["state"], first["from"], first["recipients"]), ("accepted", number.split(".")[0],
                                                                               ["1", "2", "17"]))
        for desk in ("ishikawa", "ministry"):
            self.check_board(desk, number, 120)
        with open(self.path("raw"), "w", encoding="ascii") as file:
            file.write(raw + "\n")
        again = self.net.facts("ishikawa", "import", self.path("raw"), "--qr-text", *codes)
        self.assertEqual([one["state"] for one in again], ["known", "known"])
        self.assertEqual({one["msg_id"] for one in again}, {first["msg_id"]})

        # The line opens: the branch learns that it was read, and nobody counts it twice.
        self.net.start_shaper(next(link for link in self.net.links if link.shape))
        for desk in ("ishikawa", "national", "ministry"):
            self.check_board(desk, number, 120)
        self.until(lambda: self.net.facts("wajima", "outbox")[0]["state"] == "opened", "opened, as the branch sees it",
                   PATIENCE)
        for desk in ("ishikawa", "national", "ministry"):
            self.check_board(desk, number, 120)
            self.assertEqual([line["id"] for line in self.net.facts(desk, "inbox")], [number])


if __name__ == "__main__":
    main()
