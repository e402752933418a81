#!/usr/bin/env python3
"""A report that waits on a laptop without a line is taken back and sent anew: the ministry gets the second one, asks for no
other, and what has left stays where it is."""
import harness
import nets
from harness import TestCase, main

EXERCISE, BRANCH = 24001, 1700001
PATIENCE = 120  # seconds for a report to cross the relays on a machine under load


class Recall(TestCase):
    def setUp(self):
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.noto(EXERCISE, BRANCH)
        net.enrol()
        net.start()

    def report(self, six):
        return self.net.facts("wajima", "new", "F1", "--incident", EXERCISE, "--six", six, "--to", "2", "--send")[0]["id"]

    def at_ministry(self):
        return [line["id"] for line in self.net.facts("ministry", "inbox")]

    def outbox(self):
        return {line["id"]: line["state"] for line in self.net.facts("wajima", "outbox")}

    def arrives(self, *ids):
        self.until(lambda: self.at_ministry() == list(ids), "%s at the ministry" % (ids,), PATIENCE)

    def test_taken_back_before_it_leaves(self):
        first = self.report("1-1-1-1-1-1")
        self.arrives(first)
        self.until(lambda: self.outbox() == {first: "opened"}, "the receipt of the first one at its author", PATIENCE)
        hub = self.net.laptops["ishikawa"]
        hub.daemon.terminate()
        hub.daemon.wait()
        self.net.laptops["wajima"].daemon.log("event=disconnected")

        wrong = self.report("3-3-3-3-3-5")
        self.assertEqual(self.outbox()[wrong], "queued")
        back = self.net.facts("wajima", "recall", wrong)[0]
        self.assertEqual(back["id"], wrong)
        self.assertEqual(self.outbox(), {first: "opened"})
        draft = self.net.facts("wajima", "drafts", "show", back["draft"])[0][0]
        self.assertEqual(draft["values"]["six_help"], "life")
        self.net.noroshi("wajima", "recall", wrong, check=(64, 65))
        # The relay forgets none of it by a power cut.
        laptop = self.net.laptops["wajima"]
        laptop.daemon.kill()
        self.net.serve(laptop)

        right = self.report("1-1-2-1-1-1")
        self.net.serve(hub)
        self.arrives(first, right)
        self.assertEqual(self.net.facts("ministry", "gaps"), [])
        self.assertEqual(int(right.split("/")[2].split(".")[0]), int(wrong.split("/")[2].split(".")[0]) + 1)
        said = self.net.noroshi("wajima", "recall", right, check=(65,))
        print("what has left: %s" % said.stderr.strip())
        self.until(lambda: self.outbox().get(right) == "opened", "the receipt of the second report", PATIENCE)


if __name__ == "__main__":
    main()
