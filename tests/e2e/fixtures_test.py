#!/usr/bin/env python3
"""Published figures, entered as forms at Ishikawa, sent through three relays, and read from the ministry's board: exactly
those figures, with their qualifiers, warnings and coverage. What was never published (LP-gas counts of a municipality) is
invented, and everything is an exercise.

Sources: power and water of the Noto earthquake as the prefecture and METI gave them (2024-01-05 14:00, 01-06 14:00,
02-15 13:00); Kanazawa's 121 stopped and 106 restored; Wajima's filling station, the base at Nanao and the 17 core
stations of Hokuriku; Kumamoto 2016 (three statements that nothing happened); Hokkaido 2018 (2,950,000 households without
power); Kagoshima 2019 (two and four cylinders buried)."""
import collections
import datetime
import itertools
import json
import os
import signal

import harness
import nets
from harness import TestCase, main

EXERCISE = 24001
ONSET = datetime.datetime.fromisoformat("2024-01-01T16:10:00+09:00")
KUMAMOTO = 16001  # an exercise of its own: what is due counts from its begin
PATIENCE = 120  # seconds for a report to cross the relays on a machine under load

# Municipality, its households (invented), water off on 01-05 14:00, power off on 01-06 14:00 and on 02-15 13:00.
NOTO = (
    ("17204", "輪島市", 9800, "~10000", "~9800", "~840"),
    ("17205", "珠洲市", 5700, "~4800", "~7400", "~350"),
    ("17461", "穴水町", 3600, "~3200", "~2600", "<10"),
    ("17463", "能登町", 7400, "~6200", "~3200", "~30"),
    ("17202", "七尾市", 21500, "~21500", "~120", "~10"),
    ("17384", "志賀町", 8800, "~8800", None, "~10"),
    ("17407", "中能登町", 7000, "~7000", None, None),
    ("17207", "羽咋市", 8500, "~3050", None, None),
    ("17386", "宝達志水町", 4700, "~100", None, None),
    ("17209", "かほく市", 13000, "~360", None, None),
    ("17361", "津幡町", 14000, "~200", None, None),
    ("17365", "内灘町", 11000, "~1000", None, None),
    ("17201", "金沢市", 210000, "~200", None, None),
)
ASSOCIATION = 1700001  # the roll-up of the whole prefecture is a unit of its own
BRANCH = 1700100       # one for each municipality, in the order above
DEALER = 1700200       # three for each
STATION = 1700300      # filling stations and bases
FAR = {"鹿児島": (1700401, "46201"), "熊本": (1700402, "43100"), "北海道": (1700403, "01100")}
AREA = {"cell_carriers_down": [], "isolated": "no"}


def mesh_of(lat, lon):
    """JIS X 0410: 40 minutes by a degree, in eighths, in tenths."""
    rows, columns = lat * 1.5, lon - 100
    first = "%02d%02d" % (rows, columns)
    second = "%d%d" % (rows % 1 * 8, columns % 1 * 8)
    return first + second + "%d%d" % (rows * 8 % 1 * 10, columns * 8 % 1 * 10)


class Fixtures(TestCase):
    def setUp(self):
        """One network for all of them: each fixture has units of its own, or a form of its own."""
        super().setUp()
        self.net = net = nets.Network(self.dir, harness.BIN)
        self.addCleanup(net.end)
        net.offices()
        net.unit(ASSOCIATION, "石川県協会（訓練）", ["17201"], 0)
        for place, (code, name, households, *_) in enumerate(NOTO):
            net.unit(BRANCH + place, name + "支部", [code], households, parent=ASSOCIATION)
            for dealer in range(3):
                net.unit(DEALER + 3 * place + dealer, "%s第%d販売所" % (name, dealer + 1), [code], households // 3,
                         parent=BRANCH + place)
        for name, (unit, code) in FAR.items():
            net.unit(unit, name + "の支部", [code], 1000, interval=24)
        net.exercise(EXERCISE, "能登半島地震 訓練", ["17", "46", "01"])
        net.exercise(KUMAMOTO, "熊本地震 訓練", ["43"], start="2024-04-14T21:26:00+09:00")
        net.branch(BRANCH)
        net.laptop("second", nets.ISHIKAWA, relay="ishikawa")
        net.enrol()
        net.start()

    # ---- entering and reading

    def report(self, who, form, values, *more, unit=None, incident=EXERCISE):
        """One report, sealed and handed to the relay; gives its id."""
        path = os.path.join(self.dir, "values.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
        whom = ["--for", unit, "--told-by", "担当", "--channel", "phone"] if unit else []
        return self.net.facts(who, "new", form, "--incident", incident, "--from", path, *whom, *more, "--send",
                              check=(0, 75))[0]["id"]

    def board(self, form, check, *more, what, incident=EXERCISE):
        """The ministry's board of a form, once `check` holds."""
        def shown():
            board = self.net.facts("ministry", "board", "--form", form, "--incident", incident, *more)[0]
            try:
                return board if check(board) else None
            except (KeyError, IndexError):
                return None
        return self.until(shown, what, PATIENCE)

    def rows(self, form, count):
        return self.board(form, lambda board: len(board["rows"]) == count, "--by", "muni",
                          what="%d rows of %s at the ministry" % (count, form))

    # ---- the fixtures

    def test_the_board_of_the_ministry_shows_the_published_figures(self):
        self.noto_flash()
        self.water_and_rounding()
        self.kanazawa()
        self.kumamoto()
        self.hokkaido()
        self.kagoshima()
        self.stations()
        self.split_brain()
        self.recall()
        self.lost_laptop()

    def noto_flash(self):
        """Dealers report in three days, every eight hours some: what grows is what is known, and the board says how much
        that is, now and as of then."""
        heard, times = 0, collections.Counter()
        for wave in range(3):
            for place in range(len(NOTO)):
                unit = DEALER + 3 * place + wave
                as_of = ONSET + datetime.timedelta(hours=24 * wave + 8 * (place % 3))
                times[as_of.isoformat()] += 1
                self.net.noroshi("ishikawa", "new", "F1", "--incident", EXERCISE, "--for", unit, "--told-by", "担当",
                                 "--channel", "phone", "--six", "1-9-9-9-2-4", "--set", "checked_scope=office", "--set",
                                 "as_of=" + as_of.isoformat(), "--send", check=(0, 75))
            heard += len(NOTO)
            board = self.rows("F1", heard)
            coverage = board["coverage"]
            print("noto_flash: %d of %d units heard, supply unconfirmed in %d" % (
                coverage["units_heard"], coverage["units_expected"], board["six"]["six_supply"]["unconfirmed"]))
            self.assertEqual(coverage["units_heard"], heard)
            self.assertEqual(board["six"]["six_supply"], {"unconfirmed": heard})
        grown = [self.net.facts("ministry", "board", "--incident", EXERCISE, "--at", time)[0]["coverage"]["units_heard"]
                 for time in times]
        print("noto_flash, every eight hours:", grown)
        self.assertEqual(grown, list(itertools.accumulate(times.values())))
        self.assertEqual((len(grown), grown[-1]), (9, heard))

    def area(self, unit, code, as_of, **figures):
        values = dict(AREA, as_of=as_of, muni=code, power_area="ok", water_area="ok")
        if unit == ASSOCIATION:
            values["source_kind"] = "rollup"
        for kind in ("power", "water"):
            if figures.get(kind) is not None:
                values[kind + "_households"] = figures[kind]
                values[kind + "_area"] = "partial"
        return self.report("ishikawa", "F8", values, unit=unit)

    def water_and_rounding(self):
        for place, (code, _, _, water, *_) in enumerate(NOTO):
            self.area(BRANCH + place, code, "2024-01-05T14:00:00+09:00", water=water)
        self.area(ASSOCIATION, "17201", "2024-01-05T14:00:00+09:00", water="~66412")
        board = self.rows("F8", len(NOTO) + 1)
        water = board["totals"]["water_households"]
        print("water 01-05 14:00:", json.dumps(water, ensure_ascii=False))
        self.assertEqual((water["value"], water["reports"]), (66410, 13))
        self.assertEqual(water["state"], "approx")
        self.assertIn("rollup_not_added", [warning["warning"] for warning in board["warnings"]])
        self.rounded(board, "water_households", 66410, 66412)

        # "<10" is at least nothing and at most 9: what is named adds up to 1,240 or more.
        for as_of, column, total, named, least in (("2024-01-06T14:00:00+09:00", 4, "~23200", 23120, 23120),
                                                   ("2024-02-15T13:00:00+09:00", 5, "~1300", 1250, 1240)):
            for place, row in enumerate(NOTO):
                self.area(BRANCH + place, row[0], as_of, power=row[column])
            self.area(ASSOCIATION, "17201", as_of, power=total)
            board = self.board("F8", lambda board: board["as_of"] == as_of and all(
                row["as_of"] == as_of for row in board["rows"]), "--by", "muni", what="the list of " + as_of)
            power = board["totals"]["power_households"]
            print("power %s:" % as_of, json.dumps(power, ensure_ascii=False))
            self.assertEqual(power["state"], "approx")
            self.assertEqual(power["value"], named)
            self.assertIn("rollup_not_added", [warning["warning"] for warning in board["warnings"]])
            self.rounded(board, "power_households", least, int(total[1:]))

    def rounded(self, board, field, added, published):
        """Rounded figures do not add up to their total: both are named, as a warning and not as an error."""
        found = [clash for clash in board["clashes"] if clash["rule"] == "R9" and clash["field"] == field]
        print("%s: %s" % (field, json.dumps([{key: clash[key] for key in ("rule", "severity", "said", "against")}
                                             for clash in found])))
        self.assertEqual([(clash["severity"], clash["said"], clash["against"]) for clash in found],
                         [("warning", added, published)])
        self.assertEqual(found[0]["reports"][0]["unit"], ASSOCIATION)

    def kanazawa(self):
        values = dict(deaths=0, missing=0, serious_inj=0, minor_inj=0, checked_scope="all", stopped_cum=121,
                      restored_cum=106, restore_eta="days", cyl_lost_cum=0, cyl_buried_cum=0, cyl_recovered=0,
                      cyl_fallen_cum=0, leak_cum=0, fire_cum=0, explosion_cum=0, inspect_target=121, inspect_done=121,
                      inspect_ng=0, coverage_reporters=1, coverage_expected=1, coverage_households=121, muni="17201",
                      as_of="2024-01-06T14:00:00+09:00")
        self.report("ishikawa", "F2", values, unit=BRANCH + 12)
        totals = self.rows("F2", 1)["totals"]
        figures = tuple(totals[key]["value"] for key in ("stopped_cum", "restored_cum", "outstanding"))
        print("kanazawa: stopped, restored, outstanding", figures)
        self.assertEqual(figures, (121, 106, 15))

    def kumamoto(self):
        """Three statements that nothing happened, then silence: what was said stands, and its age is told. (On the same days
        eight years later: incidents begin in 2024 at the earliest.)"""
        unit, code = FAR["熊本"]
        for day in ("15", "16", "19"):
            self.report("ishikawa", "F2", {"muni": code, "as_of": "2024-04-%sT12:00:00+09:00" % day,
                                           "coverage_reporters": 1, "coverage_expected": 1, "coverage_households": 1000},
                        "--template", 1, unit=unit, incident=KUMAMOTO)
        last = "2024-04-19T12:00:00+09:00"
        board = self.board("F2", lambda board: board["coverage"]["oldest"] == last, what="three nil reports",
                           incident=KUMAMOTO)
        self.assertEqual([row["unit"] for row in board["rows"]], [unit])
        self.assertEqual(board["totals"]["stopped_cum"]["value"], 0)
        overdue = [line for line in self.net.facts("ministry", "overdue", "--incident", KUMAMOTO)
                   if line["kind"] == "report"]
        print("kumamoto: nil as of %s, silent since: %d days overdue" % (last, overdue[0]["overdue_s"] // 86400))
        self.assertEqual([(line["unit"], line["last_heard"], line["due"]) for line in overdue],
                         [(unit, last, "2024-04-20T12:00:00+09:00")])

    def hokkaido(self):
        unit, code = FAR["北海道"]
        self.area(unit, code, "2018-09-06T03:08:00+09:00", power="~2950000")
        board = self.board("F8", lambda board: any(row["unit"] == unit for row in board["rows"]), "--by", "pref",
                           what="the blackout")
        hokkaido = next(part for part in board["by_pref"] if part["pref"] == "01")
        self.assertEqual(hokkaido["totals"]["power_households"]["value"], 2950000)

    def kagoshima(self):
        """Two places, some kilometres apart: the ministry knows where, the public edition how many in which mesh."""
        unit, code = FAR["鹿児島"]
        places = (("50kg", 2, 31.66, 130.58), ("20kg", 4, 31.63, 130.49))
        ids = [self.report("ishikawa", "F3", {
            "site_id": "%s-%04d" % (code, number + 1), "object_kind": "cylinder", "cyl_size": size, "cyl_count": count,
            "damage_state": "buried", "position": {"lat": lat, "lon": lon, "accuracy_m": 300, "method": "address"},
            "place_text": "崖下の訓練宅", "found_at": "2019-07-01T09:00:00+09:00", "hazard_zone": ["warning_steep"],
            "cause_code": "landslide_burial", "access_state": "closed", "recovery_state": "not_started", "muni": code,
            "as_of": "2019-07-01T10:00:00+09:00"}, unit=unit) for number, (size, count, lat, lon) in enumerate(places)]
        board = self.rows("F3", 2)
        self.assertEqual(board["totals"]["cyl_count"]["value"], 6)
        self.assertEqual(board["codes"]["access_state"], {"closed": 2})

        words = ("board", "--form", "F3", "--incident", EXERCISE, "--public", "--by", "mesh")
        public = self.net.facts("ministry", *words)[0]
        meshes = {one["mesh"]: one["totals"]["cyl_count"]["value"] for one in public["by_mesh"]}
        print("kagoshima, public edition:", json.dumps(meshes))
        self.assertEqual(meshes, {mesh_of(lat, lon): count for _, count, lat, lon in places})
        self.assertEqual(public["totals"]["cyl_count"]["value"], 6)
        for text in (json.dumps(public, ensure_ascii=False), self.net.noroshi("ministry", *words).stdout):
            for secret in (*ids, code + "-0001", "崖下の訓練宅", "31.66", "130.58", str(unit), "鹿児島の支部", "50kg"):
                self.assertNotIn(secret, text)

    def stations(self):
        """One filling station stopped, one base limited, seventeen core stations in mixed state."""
        state = {"stopped": dict(op_status="stopped", stop_cause=["equipment", "power"], power_source="none", fill_rate=0,
                                 reopen_outlook="unknown"),
                 "limited": dict(op_status="limited", stop_cause=["equipment"], power_source="grid", fill_rate=40),
                 "running": dict(op_status="running", power_source="generator", generator_hours=72, fill_rate=100)}
        plan = [("filling", "stopped"), ("secondary_base", "limited")]
        plan += [("core_filling", "running" if number % 3 else "limited") for number in range(17)]
        for number, (kind, word) in enumerate(plan):
            self.report("ishikawa", "F7", dict(state[word], facility_id="K-%02d" % number, facility_type=kind,
                                               tank_integrity="ok", muni="17204", as_of="2024-01-09T10:00:00+09:00"),
                        unit=BRANCH)
        board = self.rows("F7", len(plan))
        print("stations:", json.dumps(board["codes"]["op_status"]))
        self.assertEqual(board["codes"]["op_status"], {"stopped": 1, "limited": 7, "running": 11})

    def split_brain(self):
        """Two desks speak for one unit while neither knows of the other: the newest as-of stands, both are kept."""
        unit = BRANCH + 1
        ids = [self.report(who, "F1", {"households_stopped": stopped, "checked_scope": "office", "muni": "17205",
                                       "as_of": "2024-01-03T%s:00:00+09:00" % hour}, "--priority", "flash", unit=unit)
               for who, stopped, hour in (("second", 300, "12"), ("ishikawa", 250, "09"))]
        board = self.board("F1", lambda board: any(row["id"] == ids[0] for row in board["rows"]), what="the newer word")
        self.assertNotIn(ids[1], [row["id"] for row in board["rows"]])

        def both():
            fates = {line["id"]: line["fate"] for line in self.net.facts("ministry", "inbox")}
            return fates if set(ids) <= set(fates) else None
        fates = self.until(both, "both reports at the ministry", PATIENCE)
        print("split_brain:", fates[ids[0]], fates[ids[1]])
        self.assertEqual((fates[ids[0]], fates[ids[1]]), ("standing", "replaced"))

    def recall(self):
        """A request is cancelled when its cylinders are on the road: whoever sends them has to see it."""
        request = self.report("wajima", "F4", {
            "request_no": "W-1", "request_kind": "goods", "item_code": "cylinder_50kg_full", "quantity": 6,
            "item_unit": "cylinders", "needed_by": "2099-01-03T09:00:00+09:00", "priority": "high",
            "reason_text": "避難所の給湯", "deliver_to": "矢田郷小学校", "site_kind": "shelter", "muni": "17204",
            "requested_of": [{"name": "全国LPガス協会"}], "constraints": ["4t_max"]})
        self.until(lambda: any(line.get("id") == request for line in self.net.facts("national", "inbox")),
                   "the request at the national body", PATIENCE)
        self.report("national", "F5", {"answer_kind": "status", "answers": [request], "request_no": "W-1", "provider": 1,
                                       "qty_committed": 6, "item_unit": "cylinders", "eta": "2099-01-02T21:00:00+09:00",
                                       "muni": "17204"})

        def state(word):
            def found():
                requests = self.net.facts("ministry", "support")
                return requests[0] if requests and requests[0]["state"] == word else None
            return self.until(found, "a request that is " + word, PATIENCE)
        state("in_transit")
        self.net.noroshi("wajima", "new", "F4", "--cancel", request, "--reason", "別便で届いた", "--priority", "flash", "--send", check=(0, 75))
        one = state("cancelled")
        print("recall: %s with %d answers to recall" % (one["state"], len(one["answers"])))
        self.assertEqual(len(one["answers"]), 1)

    def lost_laptop(self):
        """A laptop is lost: reported, its key revoked; it cannot certify that it was erased, so the matter stays open."""
        incident = self.report("ishikawa", "F10", {
            "ev_stage": "first", "ev_status": "suspected", "ev_kind": ["lost_device"],
            "occurred_at_ev": "2024-01-01T16:10:00+09:00", "noticed_at_ev": "2024-01-02T10:50:00+09:00",
            "reported_at_ev": "2024-01-02T11:15:00+09:00", "noticed_how": "self", "info_affected": "?",
            "persons_affected": "?", "external_release": "unknown", "containment": ["revoked_key"],
            "assets": [{"inventory_id": "PC-17-3", "kind": "ノートPC", "place": "輪島", "encrypted": "yes"}],
            "handling": ["parties_only", "encryption_required"], "authorized_by": "責任者"}, "--priority", "flash")
        wajima, ishikawa = self.net.laptops["wajima"], self.net.laptops["ishikawa"]
        self.net.keys("revoke", "--home", self.net.admin(nets.ISHIKAWA), "--device", wajima.person_device, "--reason", "lost")
        self.net.publish()
        self.net.install(ishikawa)
        ishikawa.daemon.signal(signal.SIGHUP)
        ishikawa.daemon.log("event=reloaded")
        board = self.rows("F10", 1)
        self.assertEqual(board["rows"][0]["id"], incident)
        self.assertEqual(self.net.facts("ministry", "board", "--form", "F11", "--incident", EXERCISE)[0]["rows"], [])


if __name__ == "__main__":
    main()
