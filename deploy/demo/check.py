#!/usr/bin/env python3
"""Counts what a demonstration delivered, from its kept directory and nothing else.

    check.py DIR

  DIR/sent.jsonl        written at sending, one line a report: key, id, node, recipients, sealed_bytes, values
  DIR/desks/ORG.jsonl   what the desk of each recipient organisation opened (`noroshi inbox --json`)
  DIR/expect.json       pairs_min; field: node, reports_min
  DIR/field.json        the field line's own count of bytes (`stats` of noroshi-shaper)

A pair is one (report, recipient organisation). Delivered: the recipient's desk has opened it and reads the values that
were typed. Duplicated: the desk has it, or the same statement under another number, once more than that. Lost: the desk
does not have it. The last line says it: `delivered N duplicated N lost N`; exit 0 only if nothing is duplicated, lost,
changed or unexpected, and enough crossed the field line.

It reads no file of the daemon and shares no code with it: python3 and its standard library.
"""

import collections
import json
import pathlib
import sys


def read_lines(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def spelled_out(value):
    """A count as desks write it, from any of the ways it may be typed."""
    if value == "?":
        return {"state": "unconfirmed"}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"value": value, "state": "exact"}
    return value


def same(typed, read):
    if typed == read:
        return True
    if isinstance(typed, list) and isinstance(read, list):
        return sorted(map(str, typed)) == sorted(map(str, read))
    typed, read = spelled_out(typed), spelled_out(read)
    if isinstance(typed, dict) and isinstance(read, dict):
        return all(read.get(name) == part for name, part in typed.items())
    return str(typed) == str(read)


def changed_fields(report, opened):
    read = opened.get("values", {})
    return [name for name, typed in report.get("values", {}).items() if not same(typed, read.get(name))]


class Count:
    def __init__(self):
        self.delivered = self.duplicated = self.lost = 0
        self.complaints = []

    def complain(self, text):
        self.complaints.append(text)

    def desk(self, org, owed, opened):
        """Compares one desk with what was sent to it."""
        copies = collections.defaultdict(list)
        for line in opened:
            if "id" in line:
                copies[line["id"]].append(line)
            else:
                self.complain(f"not opened: {line.get('msg_id')} at organisation {org}: {line.get('state')}")
        for report in owed.values():
            found = copies.pop(report["id"], [])
            if not found:
                self.lost += 1
                self.complain(f"lost: {report['key']} {report['id']} never reached the desk of organisation {org}")
                continue
            self.delivered += 1
            if len(found) > 1:
                self.duplicated += len(found) - 1
                self.complain(f"duplicated: {report['id']} stands {len(found)} times at organisation {org}")
            wrong = changed_fields(report, found[0])
            if wrong:
                self.complain(f"changed: {report['id']} at organisation {org}: {', '.join(wrong)}")
        for stranger in copies:
            self.complain(f"unexpected: {stranger} at organisation {org} was never sent to it")
        self.said_twice(org, opened)

    def said_twice(self, org, opened):
        """One statement under two numbers: same sender, same content to the last field."""
        seen = {}
        for line in opened:
            if "id" not in line:
                continue
            said = (line["id"].split("/")[0], json.dumps(line.get("values", {}), sort_keys=True))
            first = seen.setdefault(said, line["id"])
            if first != line["id"]:
                self.duplicated += 1
                self.complain(f"duplicated: {line['id']} says what {first} says, at organisation {org}")


def check_field(directory, expect, sent, count):
    """What crossed the shaped line, by the line's own count of bytes."""
    crossed = [report for report in sent if report["node"] == expect["node"]]
    sizes = sum(report["sealed_bytes"] for report in crossed)
    stats = json.loads((directory / "field.json").read_text())
    carried = stats["up"]["delivered"]
    print(f"field line: {len(crossed)} reports of {sizes} bytes sealed; it carried {carried} bytes up,"
          f" {stats['down']['delivered']} down, {stats['outages']} outages, {stats['connections']} connections")
    if len(crossed) < expect["reports_min"]:
        count.complain(f"only {len(crossed)} reports came over the field line, {expect['reports_min']} were meant to")
    if carried < sizes:
        count.complain(f"the field line carried {carried} bytes, less than the {sizes} bytes of what came over it")


def check(directory):
    expect = json.loads((directory / "expect.json").read_text())
    sent = read_lines(directory / "sent.jsonl")
    count = Count()
    if len({report["id"] for report in sent}) != len(sent):
        count.complain("two reports were sent under one number")
    orgs = sorted({org for report in sent for org in report["recipients"]}, key=int)
    for org in orgs:
        owed = {report["id"]: report for report in sent if org in report["recipients"]}
        opened = read_lines(directory / "desks" / f"{org}.jsonl")
        before = count.delivered
        count.desk(org, owed, opened)
        print(f"organisation {org}: {count.delivered - before} of {len(owed)} reports opened")
    check_field(directory, expect["field"], sent, count)
    if count.delivered < expect["pairs_min"]:
        count.complain(f"only {count.delivered} pairs delivered, {expect['pairs_min']} were meant to be")
    for complaint in count.complaints:
        print(complaint)
    print(f"delivered {count.delivered} duplicated {count.duplicated} lost {count.lost}")
    return 0 if not count.complaints and count.duplicated == 0 and count.lost == 0 else 1


def main():
    if len(sys.argv) != 2:
        print("usage: check.py DIR", file=sys.stderr)
        return 64
    try:
        return check(pathlib.Path(sys.argv[1]))
    except (OSError, ValueError, KeyError) as error:
        print(f"check.py: {sys.argv[1]}: not the directory of a demonstration: {error!r}", file=sys.stderr)
        return 65


if __name__ == "__main__":
    sys.exit(main())
