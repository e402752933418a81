#!/usr/bin/env python3
"""A picture over a thin line: it goes behind its report, a flash overtakes it, and it is the same file at the ministry.
And a large file between desks."""
import hashlib
import json
import os
import random
import struct
import zlib

import harness
import nets
from harness import TestCase, main

EXERCISE, BRANCH = 24001, 1700001
RATE = 9600  # bit/s of the line: the picture takes some twenty seconds of it
SURVEY = 7_000_000  # bytes: more than a field device's quota lets pass at once, 143 parts
PATIENCE = 240  # seconds, on a machine under load


def drawing(width, height, seed):
    """A PNG that no encoder makes small: every pixel of its own colour (PNG specification 1.2)."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


class Attach(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.noto(EXERCISE, BRANCH, shape={"rate": RATE, "delay": 100}, profile="satellite-2400")
        net.enrol()
        net.start()

    def path(self, name):
        return os.path.join(self.dir, name)

    def send_six(self):
        return self.net.facts("wajima", "new", "F1", "--incident", EXERCISE, "--six", "1-3-3-2-2-5", "--set",
                              "checked_scope=some", "--send", check=(0, 75))[0]["id"]

    def line_of(self, number):
        return next((line for line in self.net.facts("ministry", "inbox") if line["id"] == number), None)

    def test_a_picture_follows_its_message_and_lets_a_flash_pass(self):
        with open(self.path("IMG_0001.png"), "wb") as file:
            file.write(drawing(640, 480, seed=1))
        words = ("attach", self.path("IMG_0001.png"), "--incident", EXERCISE, "--text", "倉庫の様子", "--picture-kb", "20")
        planned = self.net.noroshi("wajima", *words, "--dry-run", "--json")
        sealed = json.loads(planned.stdout)["files_sealed_bytes"]
        self.assertRegex(planned.stderr, r"IMG_0001.png: .* -> .* kB, about \d+ (s|min) on the slowest line")
        number = json.loads(self.net.noroshi("wajima", *words, "--json", check=(0, 75)).stdout)["id"]
        flash = self.send_six()

        self.until(lambda: self.line_of(flash), "the flash at the ministry", PATIENCE)
        here = self.net.facts("ministry", "files", number)[0] if self.line_of(number) else {"complete": False}
        self.assertFalse(here["complete"], "%d bytes of picture cannot have passed yet" % sealed)
        here = self.until(lambda: self.line_of(number) and next(
            (one for one in self.net.facts("ministry", "files", number) if one["complete"]), None),
            "the picture at the ministry", PATIENCE)
        os.mkdir(self.path("out"))
        saved = self.net.facts("ministry", "files", number, "--save", self.path("out"))[0]["saved"]
        with open(saved, "rb") as file:
            picture = file.read()
        self.assertEqual(hashlib.sha256(picture).hexdigest(), here["sha256"])
        self.assertEqual((len(picture), picture[:3]), (here["size"], b"\xff\xd8\xff"))
        self.assertLessEqual(len(picture), 20_000)
        print("a picture of %d bytes, sealed %d, over %d bit/s; a flash passed it" % (len(picture), sealed, RATE))

        # One line for people, at either end, and the author learns that it was opened.
        self.assertEqual(len(self.net.facts("ministry", "inbox")), 2)
        outbox = self.net.facts("wajima", "outbox")
        self.assertEqual([line["id"] for line in outbox], [number, flash])
        for desk in ("ishikawa", "national"):
            self.until(lambda: len(self.net.facts(desk, "inbox")) == 2, "both at " + desk, PATIENCE)
        self.until(lambda: all(line["state"] == "opened" for line in self.net.facts("wajima", "outbox")),
                   "everything opened, as the branch sees it", PATIENCE)
        targets = self.net.facts("wajima", "status")[0]["targets"]
        self.assertEqual(targets["flash"], {"target_s": 1800, "met": 3, "missed": 0, "overdue": 0})
        self.assertEqual([targets[level]["missed"] + targets[level]["overdue"] for level in targets], [0, 0, 0, 0])

    def test_a_survey_of_a_desk_arrives_whole_and_a_field_device_is_told_what_it_may_attach(self):
        survey = b"%PDF-1.7\n" + random.Random(2).randbytes(SURVEY - 9)
        with open(self.path("survey.pdf"), "wb") as file:
            file.write(survey)
        words = ("attach", self.path("survey.pdf"), "--incident", EXERCISE, "--text", "調査報告")
        refused = self.net.noroshi("wajima", *words, check=(65,)).stderr
        self.assertIn("at most 6000 kB", refused)
        number = json.loads(self.net.noroshi("ishikawa", *words, "--json", check=(0, 75)).stdout)["id"]
        self.until(lambda: self.line_of(number) and self.net.facts("ministry", "files", number)[0]["complete"],
                   "the survey at the ministry", PATIENCE)
        os.mkdir(self.path("out"))
        saved = self.net.facts("ministry", "files", number, "--save", self.path("out"))[0]["saved"]
        with open(saved, "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).digest(), hashlib.sha256(survey).digest())


if __name__ == "__main__":
    main()
