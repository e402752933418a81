"""Reports that a program hands to the first relay of a line and another pulls from the last: each keeps its own record, and
the count comes from the two records alone. Standard library only."""
import itertools
import json
import os
import subprocess
import time

PHOTO = 40_000  # bytes
PATIENCE = 120  # seconds for everything that was taken over to arrive, once nothing breaks any more


class Work:
    """`each` reports a batch; sealed in lots of `lot`, as many as are needed. With `photos` every so many batches a photo
    goes with them, from a desk of its own."""

    def __init__(self, line, each, lot, photos=0):
        self.line, self.each, self.lot, self.photos = line, each, lot, photos
        self.taken = os.path.join(line.dir, "taken")
        self.received = os.path.join(line.dir, "received")
        self.sealed = 0
        self.envelopes = self.seal("17/11", lot)
        self.pictures = self.seal("17/12", 50, "--content", PHOTO, "--level", "bulk")
        self.files = []
        self.counter = None

    def start(self, environments=None):
        """Starts the relays (each with its environment), and pulls what the last one delivers."""
        for relay in self.line.relays:
            relay.start(env=(environments or {}).get(relay))
        self.counter = subprocess.Popen(
            [self.line.bin("report_count"), self.line.relays[-1].socket, self.received, "--until", str(1 << 30),
             "--patience", str(1 << 20)], stdout=subprocess.DEVNULL)

    def end(self):
        if self.counter:
            self.counter.kill()
            self.counter.wait()
        self.line.kill()

    def fire(self):
        """A batch of new reports on its way to the first relay."""
        file = os.path.join(self.line.dir, "batch-%d" % len(self.files))
        self.files.append(file)
        with open(file, "wb") as out:
            for _ in range(self.each):
                out.write(next(self.envelopes))
                self.sealed += 1
            if self.photos and len(self.files) % self.photos == 1 % self.photos:
                out.write(next(self.pictures))
                self.sealed += 1
        return subprocess.Popen([self.line.bin("report_gun"), "fire", self.line.relays[0].socket, file, self.taken],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def seal(self, desk, lot, *kind):
        """As many as the moments need to come: the slower the relays, the fewer. One sequence of numbers, in lots."""
        file = os.path.join(self.line.dir, "sealed-" + desk.replace("/", "-"))
        for before in itertools.count(0, lot):
            self.line.run("report_gun", "seal", self.line.desk(desk), file, "--count", lot, "--after", before, *kind)
            with open(file, "rb") as sealed:
                while head := sealed.read(4):
                    yield head + sealed.read(int.from_bytes(head, "big"))

    def check(self, gun):
        _, errors = gun.communicate(timeout=PATIENCE)
        if gun.returncode != 0:
            raise AssertionError("report_gun: " + errors)

    def count(self):
        """0 if nothing was lost and nothing came twice."""
        taken = self.lines(self.taken)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and set(taken) - set(self.messages()):
            if self.counter.poll() is not None:
                raise AssertionError("report_count ended")
            time.sleep(0.1)
        time.sleep(1)  # a second copy would still come
        messages = self.messages()
        lost = set(taken) - set(messages)
        strange = set(messages) - set(taken)
        twice = len(messages) - len(set(messages))
        stores = {line.split()[0] for line in self.lines(self.received)}
        ends = self.ends()
        self.explain(sorted(lost))
        print("taken over %d received %d stores %d receipts at the sender %s" % (
            len(set(taken)), len(set(messages)), len(stores), json.dumps(ends)))
        print("delivered %d duplicated %d lost %d" % (len(set(messages) & set(taken)), twice, len(lost)))
        good = (not lost and not strange and twice == 0 and len(stores) == 1 and len(taken) == len(set(taken))
                and ends == {"delivered": self.sealed})
        return 0 if good else 1

    def explain(self, lost):
        """What each relay says of what did not arrive."""
        for relay in self.line.relays if lost else []:
            print("%s: %s" % (relay.device, self.line.run("report_gun", "where", relay.socket, *lost[:20])))

    def ends(self):
        """How the first relay says they ended; waits until the receipts are back."""
        end = time.monotonic() + PATIENCE
        while True:
            total = {}
            for file in self.files:
                for name, number in json.loads(
                        self.line.run("report_gun", "progress", self.line.relays[0].socket, file)).items():
                    total[name] = total.get(name, 0) + number
            if total == {"delivered": self.sealed} or time.monotonic() > end:
                return total
            time.sleep(0.2)

    @staticmethod
    def lines(path):
        if not os.path.exists(path):
            return []
        with open(path, encoding="ascii") as file:
            return [line.rstrip("\n") for line in file if line.endswith("\n")]

    def messages(self):
        return [line.split()[2] for line in self.lines(self.received)]
