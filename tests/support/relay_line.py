"""A line of real relays on loopback, each calling the next: homes from net_homes, reports from report_gun, and the same
questions for whoever kills, traces or measures them. Standard library only."""
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from harness import Program  # noqa: E402

# LMDB's lock file: the robust mutex of the write transaction stands in the second cache line (mdb.c, MDB_txninfo); its
# first word is the futex: the thread that holds it, or bit 30 when that thread died holding it (futex(2)).
WRITER_MUTEX_AT = 64
OWNER_DIED = 0x4000_0000
OWNER = 0x3FFF_FFFF


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Relay:
    """One daemon and its home."""

    def __init__(self, line, device):
        self.line, self.device = line, device
        self.home = os.path.join(line.dir, device.replace("/", "-"))
        self.port = free_port()
        self.program = self.pid = None

    @property
    def socket(self):
        return os.path.join(self.home, "control.sock")

    @property
    def store(self):
        return os.path.join(self.home, "store")

    def start(self, wrap=(), env=None):
        """Starts the daemon (behind the command `wrap`, with more in its environment) and waits until it serves."""
        self.program = Program([*wrap, self.line.bin("noroshid"), "--home", self.home],
                               env=dict(os.environ, **env) if env else None)
        self.program.log("event=ready")
        self.pid = self.program.process.pid
        if wrap:
            with open("/proc/%d/task/%d/children" % (self.pid, self.pid), encoding="ascii") as children:
                self.pid = int(children.read().split()[0])

    def kill(self):
        """kill -9, and waits until it is gone."""
        if self.program.alive():
            os.kill(self.pid, signal.SIGKILL)
        self.program.kill()

    def end(self):
        """SIGTERM, and the exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.program.wait()

    def mutex_word(self):
        try:
            with open(os.path.join(self.store, "lock.mdb"), "rb") as file:
                file.seek(WRITER_MUTEX_AT)
                return struct.unpack("=I", file.read(4))[0]
        except (OSError, struct.error):
            return 0

    def turn_is_open(self):
        """A thread of the (stopped) daemon holds the write transaction."""
        owner = self.mutex_word() & OWNER
        return owner != 0 and os.path.exists("/proc/%d/task/%d" % (self.pid, owner))

    def died_in_a_turn(self):
        """The dead daemon held the write transaction when it died: the kernel marked its mutex."""
        return bool(self.mutex_word() & OWNER_DIED)

    def facts(self):
        """What is committed, read from a copy of the store of a stopped or dead daemon."""
        copy = os.path.join(self.line.dir, "copy-" + self.device.replace("/", "-"))
        shutil.rmtree(copy, ignore_errors=True)
        os.mkdir(copy, 0o700)
        shutil.copyfile(os.path.join(self.store, "data.mdb"), os.path.join(copy, "data.mdb"))
        os.chmod(os.path.join(copy, "data.mdb"), 0o600)
        said = self.line.run("store_facts", copy)
        shutil.rmtree(copy)
        return json.loads(said)

    def unacked_to(self, peer):
        return self.facts()["peers"].get(peer, {}).get("unacked", 0)


class Line:
    """Relays in a row: each calls the next one, everything goes to the last."""

    def __init__(self, directory, binaries, devices=("17/2", "1/2", "2/2"), desks=("17/11",), profile="local"):
        self.dir, self.binaries, self.profile = directory, binaries, profile
        self.run("net_homes", directory, *devices, *desks)
        self.relays = [Relay(self, device) for device in devices]
        for i, relay in enumerate(self.relays):
            before, after = self.relays[max(0, i - 1):i], self.relays[i + 1:i + 2]
            self.configure(relay, callers=before, called={peer: peer.port for peer in after})

    def bin(self, name):
        return os.path.join(self.binaries, name)

    def run(self, name, *arguments):
        done = subprocess.run([self.bin(name), *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError("%s %s: exit %d: %s%s" % (name, arguments, done.returncode, done.stdout, done.stderr))
        return done.stdout

    def configure(self, relay, callers, called):
        org, dev = relay.device.split("/")
        text = '[node]\nname = "%s"\norg = %s\ndev = %s\nlisten = "tcp://127.0.0.1:%d"\n' % (
            relay.device, org, dev, relay.port)
        link = '[[link]]\nname = "%s"\nbearer = "tcp"\npeer = "%s"\nprofile = "%s"\n'
        for peer in callers:
            text += link % (peer.device, peer.device, self.profile)
        for peer, port in called.items():
            text += link % (peer.device, peer.device, self.profile) + 'address = "tcp://127.0.0.1:%d"\n' % port
        default = next(iter(called), None) or next(iter(callers), None)
        if default:
            text += '[route]\ndefault = "%s"\n' % default.device
        with open(os.path.join(relay.home, "noroshid.toml"), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        for relay in self.relays:
            relay.start()

    def kill(self):
        for relay in self.relays:
            if relay.program:
                relay.kill()

    def desk(self, device):
        return os.path.join(self.dir, device.replace("/", "-"))
