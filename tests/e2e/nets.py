"""Small networks of the real programs on loopback, enrolled as people would do it: a root ceremony, organisations, a
register of units, an exercise, laptops with their homes, relays, shaped lines. For scripts of tests; standard library
only.

    net = nets.Network(directory, bin_directory)
    net.organisation(1, "national", "全国協会")
    net.laptop("wajima", org=17, role="field", unit=1700001)
    net.link("wajima", "ishikawa", shape={"rate": 2400, "delay": 300})
    net.enrol()
    net.start()
    net.noroshi("wajima", "new", "F1", …)
"""
import json
import os
import shutil
import socket
import subprocess
import tempfile

from harness import DEADLINE, Program

PASSPHRASE = b"kunren kunren kunren\n"
# The documented least, for keys that live as long as a test.
LEAST_COST = ["--kdf-ops", "2", "--kdf-mem", "64"]
NATIONAL, MINISTRY, ISHIKAWA = 1, 2, 17
OFFICERS, THRESHOLD = 5, 3
# Commands that open no key and therefore take no passphrase.
KEYLESS = (("trust", "add"), ("group", "add"), ("epoch", "list"), ("catalogue", "draft"))


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Laptop:
    """One machine: a person's device, a relay, or both, in one home."""

    def __init__(self, name, home, org, role, unit, handler, relay):
        self.name, self.home, self.org, self.role = name, home, org, role
        self.unit, self.handler, self.relay = unit, handler, relay
        self.relay_device = None  # "17/1", once enrolled
        self.person_device = None
        self.port = free_port()
        self.daemon = None
        self.clock_offset = 0
        self.socket = os.path.join(home, "control.sock")


class Link:
    def __init__(self, name, caller, called, shape, profile):
        self.name, self.caller, self.called, self.shape, self.profile = name, caller, called, shape, profile
        self.port = free_port() if shape else called.port
        self.shaper, self.control = None, None


class Enrolled:
    """What a ceremony made: the root's folder, the homes, the names that devices were given."""

    def __init__(self, net):
        self.kept = tempfile.TemporaryDirectory(prefix="e2e-enrolled-")
        for part in ("root", "homes"):
            shutil.copytree(os.path.join(net.dir, part), os.path.join(self.kept.name, part), symlinks=True)
        self.words = net.words
        self.devices = {name: (one.relay_device, one.person_device) for name, one in net.laptops.items()}

    def copy_to(self, net):
        shutil.copytree(self.kept.name, net.dir, symlinks=True, dirs_exist_ok=True)
        net.words = self.words
        for name, devices in self.devices.items():
            net.laptops[name].relay_device, net.laptops[name].person_device = devices


ENROLLED = {}  # by plan; as long as the program runs


class Network:
    def __init__(self, directory, bin_directory):
        self.dir, self.bin = directory, bin_directory
        self.root = os.path.join(directory, "root")
        self.organisations, self.units, self.laptops, self.links = [], [], {}, []
        self.exercises = []
        self.words = None
        self.clock = None  # when it is for noroshi-keys: a datetime with its zone, or now
        self.programs = []

    # ---- what there is to be

    def organisation(self, number, kind, name, pref=None):
        self.organisations.append((number, kind, name, pref))

    def unit(self, number, name, municipalities, households, parent=None, interval=None):
        """`interval`: hours between its reports, as agreed."""
        self.units.append((number, name, municipalities, households, parent, interval))

    def exercise(self, number, name, prefectures, start=None):
        self.exercises.append((number, name, prefectures, start))

    def laptop(self, name, org, role="desk", unit=None, handler=None, relay=True):
        """`relay`: this machine runs one of its own; or the name of the laptop whose relay serves its person."""
        home = os.path.join(self.dir, "homes", name)
        one = Laptop(name, home, org, role, unit, handler or 1000 + len(self.laptops), relay is True)
        if relay is not True and relay:
            one.socket = self.laptops[relay].socket
        self.laptops[name] = one
        return one

    def link(self, caller, called, shape=None, profile="local"):
        """A line that the caller opens; `shape` = {"rate": bit/s, "delay": ms, "outage": "50+6", …}: options of
        noroshi-shaper."""
        one = Link("%s-%s" % (caller, called), self.laptops[caller], self.laptops[called], shape, profile)
        self.links.append(one)
        return one

    def offices(self):
        """The association of Ishikawa, the national body and the ministry, with a relay each."""
        self.organisation(NATIONAL, "national", "全国LPガス協会")
        self.organisation(MINISTRY, "ministry", "経産省ガス安全室")
        self.organisation(ISHIKAWA, "association", "石川県エルピーガス協会", pref="17")
        # The association's first: the roster knows its relay by number.
        self.laptop("ishikawa", ISHIKAWA)
        self.laptop("national", NATIONAL)
        self.laptop("ministry", MINISTRY)

    def branch(self, unit, shape=None, profile="local"):
        """A branch of Ishikawa in Wajima, and the way from it to the ministry: one line after the other."""
        self.laptop("wajima", ISHIKAWA, role="field", unit=unit)
        self.link("wajima", "ishikawa", shape=shape, profile=profile)
        self.link("ishikawa", "national")
        self.link("national", "ministry")

    def noto(self, exercise, unit, **line):
        """The usual one: the offices, a branch in Wajima behind a line of its own, an exercise. Not enrolled yet."""
        self.offices()
        self.unit(unit, "訓練輪島支部", ["17204"], 2140)
        self.exercise(exercise, "能登半島地震 訓練", ["17"])
        self.branch(unit, **line)

    # ---- programs that run to their end

    def run(self, program, *words, check=(0,), stdin=None):
        """Text of standard output; the passphrase stands on a descriptor of its own where a key is opened."""
        read, write = os.pipe()
        os.write(write, PASSPHRASE)
        os.close(write)
        argv = [os.path.join(self.bin, program), *map(str, words)]
        if words[:2] not in KEYLESS:
            argv += ["--passphrase-fd", str(read)]
        try:
            done = subprocess.run(argv, capture_output=True, pass_fds=[read], timeout=DEADLINE, input=stdin,
                                  env=dict(os.environ, LC_ALL="C.UTF-8"))
        finally:
            os.close(read)
        done.stdout, done.stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        if check is not None and done.returncode not in check:
            raise AssertionError("%s: exit %d: %s" % (" ".join(argv), done.returncode, done.stderr))
        return done

    def keys(self, *words):
        when = ["--clock", self.clock.isoformat(timespec="seconds")] if self.clock else []
        return self.run("noroshi-keys", *words, *when).stdout

    def noroshi(self, laptop, *words, check=(0,), language="en"):
        """`noroshi WORDS…` as this laptop's person."""
        return self.run("noroshi", *words, "--home", self.laptops[laptop].home, "--lang", language, check=check)

    def facts(self, laptop, *words, check=(0,)):
        """The same with --json: a list of objects."""
        text = self.noroshi(laptop, *words, "--json", check=check).stdout
        return [json.loads(line) for line in text.splitlines()]

    def plain(self, laptop, answers):
        """What the plain console prints to these answers."""
        return self.run("noroshi", "--plain", "--home", self.laptops[laptop].home, "--lang", "ja",
                        stdin="".join(answer + "\n" for answer in answers).encode()).stdout

    # ---- enrolment

    def admin(self, org):
        return os.path.join(self.root, "org-%d" % org)

    def enrol(self):
        """Keys, certificates and secrets for all of it. A key file costs what a passphrase is worth, so the same plan is
        carried out once for all tests of a program, and each of them has a copy."""
        laptops = [(one.name, one.org, one.role, one.unit, one.handler, one.relay) for one in self.laptops.values()]
        plan = repr((self.organisations, self.units, self.exercises, laptops))
        if self.clock is None and plan in ENROLLED:
            ENROLLED[plan].copy_to(self)
        else:
            self.hold_ceremony()
            if self.clock is None:
                ENROLLED[plan] = Enrolled(self)
        for laptop in self.laptops.values():
            self.configure(laptop)

    def hold_ceremony(self):
        made = json.loads(self.keys("root", "init", "--dir", self.root, "--threshold", THRESHOLD, "--keys", OFFICERS,
                                    "--json", *LEAST_COST))
        self.words = made["words"]
        for number, kind, name, pref in self.organisations:
            more = ["--pref", pref] if pref else []
            self.keys("org", "add", "--dir", self.root, "--id", number, "--kind", kind, "--name", name, *more,
                      *LEAST_COST)
        for officer in range(1, THRESHOLD + 1):
            self.keys("roster", "sign", "--dir", self.root, "--key", os.path.join(self.root, "root-%d.key" % officer))
        for number, *_ in self.organisations:
            self.keys("epoch", "new", "--home", self.admin(number))
        for number, name, municipalities, households, parent, interval in self.units:
            more = (["--parent", parent] if parent else []) + (["--interval", interval] if interval else [])
            self.keys("unit", "add", "--home", self.admin(number // 100000), "--number", number, "--name", name, "--muni",
                      ",".join(municipalities), "--households", households, *more)
        for number, name, prefectures, start in self.exercises:
            when = ["--start", start] if start else []
            self.keys("exercise", "start", "--home", self.admin(self.organisations[0][0]), "--id", number, "--name",
                      name, "--pref", ",".join(prefectures), *when)
        for laptop in self.laptops.values():
            self.certify(laptop)
        self.publish()
        for number, *_ in self.organisations:
            others = [self.bundle(other) for other, *_ in self.organisations if other != number]
            if others:
                self.keys("trust", "add", "--home", self.admin(number), *others)
        self.publish()
        for laptop in self.laptops.values():
            self.install(laptop)

    def bundle(self, org):
        return os.path.join(self.admin(org), "bundle")

    def publish(self):
        for number, *_ in self.organisations:
            self.keys("epoch", "publish", "--home", self.admin(number), "--out", self.bundle(number))

    def certify(self, laptop):
        request = os.path.join(self.root, laptop.name + ".request")
        more = ["--with-relay"] if laptop.relay else []
        if laptop.unit:
            more += ["--unit", laptop.unit]
        self.keys("device", "request", "--home", laptop.home, "--org", laptop.org, "--role", laptop.role, "--handler",
                  laptop.handler, "--out", request, *more, *LEAST_COST)
        text = self.keys("device", "certify", "--home", self.admin(laptop.org), "--request", request, "--json")
        for line in map(json.loads, text.splitlines()):
            if line.get("roles") == "relay":
                laptop.relay_device = line["device"]
            elif "device" in line:
                laptop.person_device = line["device"]

    def install(self, laptop):
        self.keys("device", "install", "--home", laptop.home, "--bundle", self.bundle(laptop.org), "--root-digest",
                  self.words, *LEAST_COST)

    def configure(self, laptop):
        """The home's configuration; also what its person's noroshi reads."""
        text = '[node]\nname = "%s"\norg = %d\ncontrol = "%s"\nclock_offset_s = %d\n' % (
            laptop.name, laptop.org, laptop.socket, laptop.clock_offset)
        links = [link for link in self.links if laptop in (link.caller, link.called)]
        if any(link.called is laptop for link in links):
            text += 'listen = "tcp://127.0.0.1:%d"\n' % laptop.port
        if len(links) == 1:
            text += '[route]\ndefault = "%s"\n' % self.other(links[0], laptop).relay_device
        for link in links:
            text += '[[link]]\nname = "%s"\nbearer = "tcp"\npeer = "%s"\nprofile = "%s"\n' % (
                link.name, self.other(link, laptop).relay_device, link.profile)
            if link.caller is laptop:
                text += 'address = "tcp://127.0.0.1:%d"\n' % link.port
        with open(os.path.join(laptop.home, "config.toml"), "w", encoding="utf-8") as file:
            file.write(text)

    @staticmethod
    def other(link, laptop):
        return link.called if link.caller is laptop else link.caller

    # ---- programs that go on

    def start(self):
        for link in self.links:
            if link.shape:
                self.start_shaper(link)
        for laptop in reversed(self.laptops.values()):  # whoever is called is there before the caller dials
            if laptop.relay:
                self.serve(laptop)

    def start_shaper(self, link):
        link.control = os.path.join(self.dir, link.name + ".line")
        options = [word for name, value in link.shape.items() for word in ("--" + name, str(value))]
        link.shaper = self.launch("noroshi-shaper", "--listen", "127.0.0.1:%d" % link.port, "--to",
                                  "127.0.0.1:%d" % link.called.port, "--control", link.control, *options)

    def serve(self, laptop):
        laptop.daemon = self.launch("noroshid", "--home", laptop.home, "--config",
                                    os.path.join(laptop.home, "config.toml"))
        laptop.daemon.log("event=ready")

    def launch(self, name, *options):
        program = Program([os.path.join(self.bin, name), *options])
        self.programs.append(program)
        return program

    def tell_line(self, link, command):
        """One command to a line's shaper: cut, silence, open, stats."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(DEADLINE)
            line.connect(link.control)
            line.sendall((command + "\n").encode())
            return line.makefile().readline()

    def end(self):
        for program in self.programs:
            program.kill()
            for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
                stream.close()
        self.programs = []
