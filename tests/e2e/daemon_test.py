#!/usr/bin/env python3
"""noroshid as people and machines meet it: configuration, keys, control socket, links, signals, kills."""
import json
import os
import socket
import stat
import time
import signal

from harness import DEADLINE, main
from relays import RelayTestCase

ISHIKAWA, TOYAMA, NATIONAL, MINISTRY, NIIGATA = "17/2", "16/2", "1/2", "2/2", "15/2"


class Configuration(RelayTestCase):
    def check(self, text):
        path = os.path.join(self.dir, "c.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.run_program("noroshid", "--check-config", "--config", path)

    def test_a_good_configuration_is_ok(self):
        done = self.check('[node]\norg = 17\n[[link]]\npeer = "1/2"\nprofile = "satellite-2400"\n')
        self.assertEqual((done.returncode, done.stdout.count("1 links")), (0, 1), done.stderr)

    def test_an_unknown_key_is_an_error_that_names_the_nearest(self):
        done = self.check('[node]\norg = 17\nlissten = "tcp://0.0.0.0:1"\n')
        self.assertEqual(done.returncode, 78)
        self.assertIn("c.toml:3", done.stderr)
        self.assertIn("did you mean listen?", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_bad_values_name_their_place(self):
        for text, words in (
                ("", ["[node] is missing"]),
                ("[node]\norg = 5000\n", ["node.org", "from 1 to 2047"]),
                ('[node]\norg = "17"\n', ["node.org"]),
                ('[node]\norg = 17\n[[link]]\npeer = "17"\n', ["link 1.peer", "17/2"]),
                ('[node]\norg = 17\n[[link]]\npeer = "1/2"\nbearer = "pigeon"\n', ["link 1.bearer"]),
                ('[node]\norg = 17\n[[link]]\npeer = "1/2"\nprofile = "satelite-2400"\n', ["satellite-2400"]),
                ('[node]\norg = 17\n[[link]]\npeer = "1/2"\naddress = "tcp://relay.example:7117"\n', ["numeric"]),
                ('[node]\norg = 17\n[[link]]\npeer = "1/2"\nwindows = ["25:00-26:00"]\n', ["windows"]),
                ('[node]\norg = 17\n[[link]]\npeer = "1/2"\n[[link]]\npeer = "1/2"\n', ["two links"]),
                ('[node]\norg = 17\n[route]\ndefault = "1/2"\n', ["route.default"]),
                ("[node\norg = 17\n", ["c.toml:1"])):
            done = self.check(text)
            self.assertEqual(done.returncode, 78, text)
            for word in words:
                self.assertIn(word, done.stderr)

    def test_every_profile_of_the_tree_is_read(self):
        folder = os.path.join(os.path.dirname(__file__), "../../deploy/profiles")
        for file in os.listdir(folder):
            done = self.check('[node]\norg = 17\n[[link]]\npeer = "1/2"\nprofile = "%s"\n' % file[:-len(".toml")])
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_missing_configuration_is_an_input_error(self):
        self.assertEqual(self.run_program("noroshid", "--check-config", "--config", "/nonexistent/c.toml").returncode, 78)


class Start(RelayTestCase):
    def refuse(self, device, code, *words):
        daemon = self.serve(device, ready=False)
        self.assertEqual(daemon.wait(), code, daemon.err_lines)
        for word in words:
            self.assertIn(word, daemon.err_lines[-1])

    def test_a_key_file_that_others_can_read_is_refused(self):
        self.configure(ISHIKAWA, {})
        os.chmod(os.path.join(self.home(ISHIKAWA), "relay.key"), 0o644)
        self.refuse(ISHIKAWA, 77, "relay.key")

    def test_a_key_of_another_organisation_is_refused(self):
        self.configure(ISHIKAWA, {})
        os.replace(self.configure(TOYAMA, {}), os.path.join(self.home(ISHIKAWA), "noroshid.toml"))
        self.refuse(ISHIKAWA, 78, "17/2")

    def test_a_home_that_is_not_enrolled_is_refused(self):
        os.mkdir(self.home("3/2"), 0o700)
        self.configure("3/2", {})
        self.refuse("3/2", 69)

    def test_two_daemons_never_share_a_home(self):
        self.configure(ISHIKAWA, {})
        self.serve(ISHIKAWA)
        self.refuse(ISHIKAWA, 69, "already serves")

    def test_an_address_in_use_is_refused(self):
        self.configure(ISHIKAWA, {})
        with socket.create_server(("127.0.0.1", self.port(ISHIKAWA))):
            self.refuse(ISHIKAWA, 73, str(self.port(ISHIKAWA)))

    def test_the_manager_is_told(self):
        path = os.path.join(self.dir, "notify.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(DEADLINE)
            self.configure(ISHIKAWA, {})
            daemon = self.serve(ISHIKAWA, env=dict(os.environ, NOTIFY_SOCKET=path))
            self.assertEqual(manager.recv(100), b"READY=1")
            daemon.terminate()
            self.assertEqual(manager.recv(100), b"STOPPING=1")

    def test_a_wrong_clock_on_purpose_is_said_loudly(self):
        self.configure(ISHIKAWA, {}, node="clock_offset_s = 32400")
        daemon = self.serve(ISHIKAWA)
        self.assertTrue(any("event=clock_offset" in line and "level=warning" in line for line in daemon.err_lines))
        wall = self.ask("info", ISHIKAWA)["wall"] + 1704067200
        self.assertAlmostEqual(wall, time.time() + 32400, delta=5)

    def test_no_core_dump_and_no_debugger(self):
        self.configure(ISHIKAWA, {})
        daemon = self.serve(ISHIKAWA)
        with open("/proc/%d/limits" % daemon.process.pid, encoding="ascii") as limits:
            core = [line for line in limits if line.startswith("Max core file size")][0]
        self.assertEqual(core.split()[4:6], ["0", "0"])


class Control(RelayTestCase):
    def setUp(self):
        super().setUp()
        self.configure(ISHIKAWA, {TOYAMA: None})
        self.daemon = self.serve(ISHIKAWA)

    def test_the_socket_is_for_owner_and_group(self):
        mode = os.stat(self.socket_of(ISHIKAWA)).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o660)

    def test_garbage_is_answered_with_an_error_and_nothing_else(self):
        for parts in (["00"], ["-"], ["ff" * 1000], ["08021001"], ["0801100162"], ["08", "01"], ["0801", "1001", "1a00"],
                      [os.urandom(200).hex()], [os.urandom(65535).hex()]):
            answer = self.ask("raw", ISHIKAWA, *parts)
            self.assertEqual((answer or {}).get("exit_code"), 76, parts[0][:20])
        self.assertEqual(self.ask("info", ISHIKAWA)["node"], ISHIKAWA)

    def test_a_request_above_the_limit_costs_the_connection_only(self):
        self.assertIsNone(self.ask("raw", ISHIKAWA, "00" * (1 << 20), "00" * 2_000_000))
        self.ask("open", "again", self.socket_of(ISHIKAWA))
        self.assertEqual(self.ask("info", "again")["node"], ISHIKAWA)

    def test_a_raw_connection_with_noise_does_not_harm(self):
        with socket.socket(socket.AF_UNIX) as noise:
            noise.connect(self.socket_of(ISHIKAWA))
            noise.sendall(os.urandom(4096))
        with socket.create_connection(("127.0.0.1", self.port(ISHIKAWA))) as noise:
            noise.sendall(os.urandom(4096))
        self.assertEqual(self.ask("info", ISHIKAWA)["node"], ISHIKAWA)

    def test_a_report_is_taken_once_and_a_forged_one_refused(self):
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "17,2", "hello")
        self.assertEqual(taken["outcome"], "queued")
        forged = self.ask("forge", ISHIKAWA, "17/21", "17", "hello")
        self.assertEqual((forged["outcome"], forged["refusal"]), ("refused", "signature"))
        self.assertEqual(self.pulled(ISHIKAWA), [taken["id"]])
        self.assertEqual(self.ask("status", ISHIKAWA)["roster_state"], "A")

    def test_the_event_stream_says_that_there_is_more(self):
        self.assertEqual(self.ask("subscribe", ISHIKAWA), {"subscribed": True})
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "17", "hello")
        kinds = []
        while "delivered" not in kinds:
            event = self.ask("event", ISHIKAWA)
            self.assertIsNotNone(event, kinds)
            kinds.append(event["event"])
        self.assertEqual(event["id"], taken["id"])

    def test_a_bad_object_is_refused_with_a_reason(self):
        self.assertEqual(self.ask("raw", ISHIKAWA, "0801100a2a0401020304")["applied"], "refused")

    def test_sigterm_ends_it_cleanly(self):
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "17", "hello")
        self.daemon.terminate()
        self.assertEqual(self.daemon.wait(), 0)
        self.assertIn("event=stopped", self.daemon.err_lines[-1])
        self.assertFalse(os.path.exists(self.socket_of(ISHIKAWA)))
        done = self.run_program("noroshid", "--home", self.home(ISHIKAWA), "--check-store")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 delivered here", done.stdout)  # the report and its receipt
        self.serve(ISHIKAWA)
        self.assertEqual(self.pulled(ISHIKAWA), [taken["id"]])


class Links(RelayTestCase):
    def pair(self):
        self.configure(ISHIKAWA, {NATIONAL: True})
        self.configure(NATIONAL, {ISHIKAWA: None})
        for device in (NATIONAL, ISHIKAWA):
            self.serve(device)
        self.linked(ISHIKAWA, NATIONAL)

    def test_a_report_crosses_and_its_receipt_comes_back(self):
        self.pair()
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "17,1", "hello")
        self.arrives(NATIONAL, [taken["id"]])

        def settled():
            progress = self.ask("progress", ISHIKAWA, taken["id"])["envelopes"][0]
            return all(one["end"] == "delivered" for one in progress["recipients"])
        self.until(settled, "both recipients settled by receipts")

    def test_a_relay_between_passes_on_what_is_not_its_own(self):
        self.configure(ISHIKAWA, {TOYAMA: True})
        self.configure(TOYAMA, {ISHIKAWA: None, NATIONAL: True})
        self.configure(NATIONAL, {TOYAMA: None})
        for device in (NATIONAL, TOYAMA, ISHIKAWA):
            self.serve(device)
        taken = self.ask("say", ISHIKAWA, "17/21", "urgent", "1", "hello")
        self.arrives(NATIONAL, [taken["id"]])
        self.assertEqual(self.pulled(TOYAMA), [])

    def test_kill_and_restart_lose_and_double_nothing(self):
        self.pair()
        first = self.ask("flood", ISHIKAWA, "17/21", 100, "1")
        self.daemons[NATIONAL].kill()
        second = self.ask("flood", ISHIKAWA, "17/22", 100, "1")
        self.daemons[ISHIKAWA].kill()
        self.serve(NATIONAL)
        self.serve(ISHIKAWA)
        third = self.ask("flood", ISHIKAWA, "17/21", 50, "1")
        self.assertEqual(first["refused"] + second["refused"] + third["refused"], 0)
        self.arrives(NATIONAL, first["ids"] + second["ids"] + third["ids"])

    def test_a_revoked_neighbour_is_cut_and_stays_out(self):
        self.pair()
        self.assertEqual(self.ask("revoke", NATIONAL, ISHIKAWA)["applied"], "added")
        self.until(lambda: not self.is_up(NATIONAL, ISHIKAWA), "the revoked neighbour is cut")
        self.daemons[NATIONAL].log("event=caller_refused", "why=revoked")
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "1", "late")
        self.assertEqual(taken["outcome"], "queued")
        self.assertEqual(self.pulled(NATIONAL), [])

    def test_a_stranger_with_a_neighbours_address_hears_nothing(self):
        # Niigata is in the roster, but nobody configured it here.
        self.configure(NATIONAL, {ISHIKAWA: None})
        self.configure(NIIGATA, {NATIONAL: True})
        self.serve(NATIONAL)
        self.serve(NIIGATA)
        self.daemons[NATIONAL].log("event=caller_refused", "why=stranger", "peer=" + NIIGATA)
        self.daemons[NIIGATA].log("event=dial_failed", "refused")
        self.assertFalse(self.is_up(NIIGATA, NATIONAL))

    def test_sighup_reads_links_anew(self):
        self.configure(NATIONAL, {})
        self.configure(ISHIKAWA, {NATIONAL: True})
        self.serve(NATIONAL)
        self.serve(ISHIKAWA)
        self.daemons[NATIONAL].log("event=caller_refused", "why=stranger")
        self.configure(NATIONAL, {ISHIKAWA: None})
        self.daemons[NATIONAL].signal(signal.SIGHUP)
        self.daemons[NATIONAL].log("event=reloaded", "links=1")
        self.linked(ISHIKAWA, NATIONAL)
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "1", "hello")
        self.arrives(NATIONAL, [taken["id"]])

    def test_sighup_with_a_bad_configuration_changes_nothing(self):
        self.pair()
        with open(self.configure(NATIONAL, {}), "a", encoding="utf-8") as file:
            file.write("[wrong]\n")
        self.daemons[NATIONAL].signal(signal.SIGHUP)
        self.daemons[NATIONAL].log("event=reload_refused", "wrong")
        self.daemons[NATIONAL].log("event=reloaded")
        self.assertTrue(self.is_up(NATIONAL, ISHIKAWA))

    def test_a_store_that_was_lost_signs_nothing(self):
        self.pair()
        self.daemons[NATIONAL].terminate()
        self.daemons[NATIONAL].wait()
        os.rename(os.path.join(self.home(NATIONAL), "store"), os.path.join(self.dir, "lost"))
        daemon = self.serve(NATIONAL)
        self.assertTrue(any("event=store_lost" in line for line in daemon.err_lines))
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "1", "hello")
        self.arrives(NATIONAL, [taken["id"]])

    def test_a_revocation_outlives_a_restart(self):
        self.pair()
        self.ask("revoke", NATIONAL, ISHIKAWA)
        self.daemons[NATIONAL].kill()
        self.serve(NATIONAL)
        self.daemons[NATIONAL].log("event=caller_refused", "why=revoked")

    def test_an_object_laid_into_the_home_is_taken_at_sighup(self):
        self.pair()
        self.assertEqual(self.ask("lay", self.home(NATIONAL), ISHIKAWA), {"ok": True})
        self.assertTrue(self.is_up(NATIONAL, ISHIKAWA))
        self.daemons[NATIONAL].signal(signal.SIGHUP)
        self.daemons[NATIONAL].log("event=caller_refused", "why=revoked")

    def test_sighup_on_a_running_link_loses_nothing(self):
        self.pair()
        first = self.ask("flood", ISHIKAWA, "17/21", 50, "1")
        for device in (ISHIKAWA, NATIONAL):
            self.daemons[device].signal(signal.SIGHUP)
        second = self.ask("flood", ISHIKAWA, "17/21", 50, "1")
        self.arrives(NATIONAL, first["ids"] + second["ids"])

    def test_a_caller_with_a_random_key_is_refused(self):
        self.configure(NATIONAL, {ISHIKAWA: None})
        self.serve(NATIONAL)
        key = self.ask("link_key", NATIONAL)["key"]
        caller = self.start("test_link_caller", "tcp://127.0.0.1:%d" % self.port(NATIONAL), key, "random")
        self.assertEqual([caller.line(), caller.line()], ["connected", "refused"])
        self.daemons[NATIONAL].log("event=caller_refused", "why=unknown_key")

    def test_metrics_are_written_for_the_collector(self):
        file = os.path.join(self.dir, "noroshi.prom")
        self.configure(ISHIKAWA, {}, more='[metrics]\ntextfile = "%s"\n' % file)
        self.serve(ISHIKAWA)
        self.until(lambda: os.path.exists(file), "a metrics file")
        with open(file, encoding="utf-8") as text:
            self.assertIn("noroshi_commits_total", text.read())

    def test_the_last_metrics_are_written_at_the_end(self):
        file = os.path.join(self.dir, "noroshi.prom")
        self.configure(ISHIKAWA, {}, more='[metrics]\ntextfile = "%s"\n' % file)
        daemon = self.serve(ISHIKAWA)
        self.until(lambda: os.path.exists(file), "a metrics file")
        os.remove(file)
        daemon.terminate()
        self.assertEqual(daemon.wait(), 0, daemon.err_lines)
        self.assertTrue(os.path.exists(file))


class Clocks(RelayTestCase):
    """One node's clock is wrong; its flash report is delivered, and the link holds."""

    def crosses(self, offset_s, sender_wrong=True):
        wrong, right = (ISHIKAWA, NATIONAL) if sender_wrong else (NATIONAL, ISHIKAWA)
        self.configure(ISHIKAWA, {NATIONAL: True}, node="clock_offset_s = %d" % (offset_s if sender_wrong else 0))
        self.configure(NATIONAL, {ISHIKAWA: None}, node="clock_offset_s = %d" % (0 if sender_wrong else offset_s))
        for device in (NATIONAL, ISHIKAWA):
            self.serve(device)
        self.linked(ISHIKAWA, NATIONAL)
        taken = self.ask("say", ISHIKAWA, "17/21", "flash", "1,17", "hello", offset_s if sender_wrong else 0)
        self.assertEqual(taken["outcome"], "queued")
        self.arrives(NATIONAL, [taken["id"]])
        return self.ask("status", wrong)["suspect"], self.ask("status", right)["suspect"]

    def test_nine_hours_ahead(self):
        self.crosses(9 * 3600)

    def test_nine_hours_ahead_at_the_receiver(self):
        self.crosses(9 * 3600, sender_wrong=False)

    def test_a_clock_that_was_never_set(self):
        suspect, right = self.crosses(946684800 - int(time.time()))
        self.assertTrue(suspect)
        self.assertFalse(right)

    def test_a_laptop_from_a_cupboard_after_420_days(self):
        self.crosses(420 * 86400)

    def test_a_receiver_that_is_420_days_ahead(self):
        self.crosses(420 * 86400, sender_wrong=False)


class Line(RelayTestCase):
    """A satellite line of 2400 bit/s and 600 ms round trip, as a program between two relays."""

    def test_reports_cross_an_outage_and_a_cut(self):
        shaper = self.start("noroshi-shaper", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:%d" % self.port(NATIONAL),
                            "--rate", "2400", "--delay", "300")
        port = int(json.loads(shaper.line())["listening"].split(":")[1])
        self.configure(NATIONAL, {ISHIKAWA: None}, profile="satellite-2400")
        self.configure(ISHIKAWA, {NATIONAL: port}, profile="satellite-2400")
        for device in (NATIONAL, ISHIKAWA):
            self.serve(device)

        def tell(word):
            shaper.tell(word)
            return json.loads(shaper.line())
        self.linked(ISHIKAWA, NATIONAL)
        crowd = self.ask("flood", ISHIKAWA, "17/21", 12, "1")
        began = time.monotonic()
        flash = self.ask("say", ISHIKAWA, "17/22", "flash", "1", "gas")
        self.arrives(NATIONAL, [flash["id"]])
        # The window before it (704 bytes), its own time on the air, and the machine.
        self.assertLess(time.monotonic() - began, 704 / 300 + 1.5 + 3)
        tell("silence")
        self.until(lambda: not tell("stats")["open"], "an outage")
        second = self.ask("flood", ISHIKAWA, "17/22", 3, "1")
        tell("open")
        tell("cut")
        self.until(lambda: not self.is_up(ISHIKAWA, NATIONAL), "the line is down")
        tell("open")
        ids = crowd["ids"] + second["ids"] + [flash["id"]]
        self.arrives(NATIONAL, ids, timeout=120)
        # Nothing that arrived was sent again but what was on its way at the cut.
        self.assertGreater(tell("stats")["up"]["delivered"], len(ids) * 192)


if __name__ == "__main__":
    main()
