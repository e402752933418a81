"""A small network of real daemons on loopback: homes from test_world, a configuration each, desks at their sockets."""
import json
import os
import shutil
import socket
import tempfile
import time

from harness import TestCase

RECEIPT = 2  # ctype


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RelayTestCase(TestCase):
    # One network for all tests of a script: its homes are written once and copied for each.
    began = int(time.time()) - 3600
    template = None

    def setUp(self):
        super().setUp()
        self.world = self.start("test_world", str(self.began))
        if not RelayTestCase.template:
            RelayTestCase.template = tempfile.TemporaryDirectory(prefix="e2e-homes-")
            self.assertIn("homes", self.ask("homes", self.template.name))
        for home in os.listdir(self.template.name):
            shutil.copytree(os.path.join(self.template.name, home), os.path.join(self.dir, home))
        self.ports = {}
        self.daemons = {}

    def ask(self, *words):
        """One line to the world, one answer."""
        self.world.tell(" ".join(map(str, words)))
        answer = json.loads(self.world.line())
        self.assertNotIn("usage", answer or {})
        return answer

    def home(self, device):
        return os.path.join(self.dir, device.replace("/", "-"))

    def socket_of(self, device):
        return os.path.join(self.home(device), "control.sock")

    def port(self, device):
        if device not in self.ports:
            self.ports[device] = free_port()
        return self.ports[device]

    def configure(self, device, links, listen=True, node="", more="", profile="local"):
        """links: {peer: address or None (the peer calls) or a port to dial}."""
        org, dev = device.split("/")
        text = '[node]\nname = "%s"\norg = %s\ndev = %s\n%s\n' % (device, org, dev, node)
        if listen:
            text += 'listen = "tcp://127.0.0.1:%d"\n' % self.port(device)
        for peer, dial in links.items():
            text += '[[link]]\nname = "to %s"\nbearer = "tcp"\npeer = "%s"\nprofile = "%s"\n' % (peer, peer, profile)
            if dial:
                text += 'address = "tcp://127.0.0.1:%d"\n' % (self.port(peer) if dial is True else dial)
        path = os.path.join(self.home(device), "noroshid.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + more)
        return path

    def serve(self, device, ready=True, env=None):
        daemon = self.start("noroshid", "--home", self.home(device), env=env)
        self.daemons[device] = daemon
        if ready:
            daemon.log("event=ready")
            self.ask("open", device, self.socket_of(device))
        return daemon

    def pulled(self, device):
        """Ids of every report delivered at this node, in order, page by page; receipts come the same way."""
        out, cursor = [], 0
        while True:
            page = self.ask("pull", device, cursor)
            self.assertNotIn("error", page)
            out += [item["id"] for item in page["items"] if item["ctype"] != RECEIPT]
            if not page["more"]:
                return out
            cursor = page["items"][-1]["cursor"]

    def arrives(self, device, ids, timeout=60):
        wanted = set(ids)
        self.until(lambda: wanted <= set(self.pulled(device)), "%d envelopes at %s" % (len(wanted), device), timeout)
        got = [one for one in self.pulled(device) if one in wanted]
        self.assertEqual(len(got), len(wanted), "delivered twice")

    def is_up(self, device, peer):
        return any(link["up"] for link in self.ask("status", device)["links"] if link["peer"] == peer)

    def linked(self, device, peer):
        self.until(lambda: self.is_up(device, peer), "%s linked to %s" % (device, peer))
