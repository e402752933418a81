#!/usr/bin/env python3
"""Reads an strace of a program that stores and acknowledges, and checks that no ack left before its commit was on disk.

  strace -f -yy -s 32 -o TRACE -e trace=%file,%desc,%network,%process PROGRAM …
  check_trace.py TRACE --store DIR --ack PATTERN [--intake PATTERN] [options]

PATTERN is a regular expression over a descriptor as strace -yy writes it: "1<pipe:[123]>", "12<TCP:[127.0.0.1:5000->…]>".
The trace begins with the program, so that every open of the data file is in it.

A commit of the store is on disk when what was written to data.mdb through an ordinary descriptor has been followed by an
fdatasync or fsync that began after it and returned 0, and its root, written through a descriptor opened O_DSYNC or O_SYNC,
has been written.

Rules (--rule, default both):
  clean      no ack begins to leave while data.mdb has writes that are not on disk
  lockstep   between taking something in (a read of the intake descriptor) and the next ack a whole commit has reached the
             disk. For runs in which the sender waits for each ack; with more in flight an ack may answer something older.
A program with a thread of its own for the network may write the next turn while the last one's acks leave: there only
lockstep holds.

Exit: 0 every ack kept the rule, 1 an ack did not (each is named), 2 the trace proves nothing (no ack, no commit, …).
"""
import argparse
import re
import sys

LINE = re.compile(r"^(?:\[pid\s+)?(\d+)\]?\s+(?:[\d:.]+\s+)?(.*)$")
CALL = re.compile(r"^(\w+)\((.*)$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
RESULT = re.compile(r"\)\s+=\s+(-?\d+|\?)(.*)$")
DESCRIPTOR = re.compile(r"^(-?\d+)<((?:[^<>]|<[^<>]*>|->)*)>")

WRITES = {"write", "writev", "pwrite64", "pwritev", "pwritev2"}
SENDS = {"write", "writev", "sendto", "sendmsg", "sendmmsg"}
READS = {"read", "readv", "recvfrom", "recvmsg", "recvmmsg"}
RESIZES = {"ftruncate", "fallocate"}
SYNCS = {"fdatasync", "fsync"}


class Call:
    """One system call: its beginning and its end are two events."""

    def __init__(self, line, name, arguments):
        self.line, self.name, self.arguments = line, name, arguments
        self.result = None
        match = DESCRIPTOR.match(arguments)
        self.fd = int(match.group(1)) if match else None
        self.shown = f"{match.group(1)}<{match.group(2)}>" if match else ""
        self.path = match.group(2) if match else ""

    @property
    def done(self):
        return self.result is not None and self.result > 0


def events(lines):
    """("begin" | "end", Call) in the order in which strace saw them."""
    open_calls = {}
    for number, line in enumerate(lines, 1):
        match = LINE.match(line.rstrip("\n"))
        if not match:
            continue
        pid, text = match.groups()
        resumed = RESUMED.match(text)
        if resumed:
            call = open_calls.pop(pid, None)
            if call is None or call.name != resumed.group(1):
                continue
            call.arguments += resumed.group(2)
            yield from finish(call, resumed.group(2))
            continue
        started = CALL.match(text)
        if not started:
            continue
        call = Call(number, started.group(1), started.group(2))
        yield "begin", call
        if text.endswith("<unfinished ...>"):
            open_calls[pid] = call
        else:
            yield from finish(call, text)


def finish(call, text):
    result = None
    for result in RESULT.finditer(text):
        pass
    if result and result.group(1) != "?":
        call.result = int(result.group(1))
        call.result_text = result.group(0)
        yield "end", call


class Store:
    """What of data.mdb is on disk."""

    def __init__(self, directory):
        self.file = re.compile(re.escape(directory.rstrip("/")) + r"/data\.mdb$")
        self.through = set()       # descriptors whose writes are on disk when they return
        self.written = 0           # ordinary writes so far
        self.synced = 0            # … of them certainly on disk
        self.roots_open = 0        # root writes under way
        self.data_since_commit = False
        self.commits = 0
        self.syncs = 0

    def owns(self, call):
        return self.file.search(call.path) is not None

    @property
    def clean(self):
        return self.written == self.synced and self.roots_open == 0

    def opened(self, call):
        match = re.search(r"=\s+(\d+)<(.*)>$", call.result_text)
        if not match or not self.file.search(match.group(2)):
            return
        fd = int(match.group(1))
        self.through.discard(fd)
        if re.search(r"O_D?SYNC", call.arguments):
            self.through.add(fd)

    def begin(self, call):
        if not self.owns(call):
            return
        if call.name in WRITES | RESIZES:
            if call.fd in self.through:
                self.roots_open += 1
            else:
                self.written += 1
                self.data_since_commit = True
        elif call.name in SYNCS:
            call.covers = self.written

    def end(self, call):
        """True if a commit has just become durable."""
        if call.name in ("openat", "open") and call.result is not None and call.result >= 0:
            self.opened(call)
        if not self.owns(call):
            return False
        if call.name in SYNCS and call.result == 0:
            self.synced = max(self.synced, call.covers)
            self.syncs += 1
        if call.name in WRITES and call.fd in self.through:
            self.roots_open -= 1
            if call.done and self.written == self.synced and self.data_since_commit:
                self.data_since_commit = False
                self.commits += 1
                return True
        return False


def check(lines, options):
    store = Store(options.store)
    ack, intake = re.compile(options.ack), re.compile(options.intake) if options.intake else None
    content = re.compile(options.content) if options.content else None
    rules = {"clean", "lockstep"} if options.rule == "both" else {options.rule}
    wrong, acks, taken, unanswered, begun = [], 0, 0, None, {}
    for event, call in events(lines):
        if event == "begin":
            store.begin(call)
            if call.name in SENDS and ack.search(call.shown) and (not content or content.search(call.arguments)):
                # Judged as it stood when the call began: from then on bytes may be on their way.
                begun[id(call)] = (call, store.clean, unanswered, store.written - store.synced)
            continue
        if store.end(call):
            unanswered = None
        if intake and call.name in READS and intake.search(call.shown) and (call.result or 0) >= options.intake_min:
            unanswered, taken = call.line, taken + 1
        if id(call) not in begun:
            continue
        call, clean, waiting, unsynced = begun.pop(id(call))
        if not call.done or not options.ack_min <= call.result <= options.ack_max:
            continue
        if options.skip_until_intake and taken == 0:
            continue
        acks += 1
        if "clean" in rules and not clean:
            wrong.append(f"line {call.line}: {call.name} to {call.shown} with {unsynced} writes of data.mdb not on disk")
        elif "lockstep" in rules and intake and waiting is not None:
            wrong.append(f"line {call.line}: {call.name} to {call.shown} before what was taken in at line {waiting} "
                         "was committed")
    return store, acks, taken, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trace")
    parser.add_argument("--store", required=True, help="directory of the store, as the program opened it")
    parser.add_argument("--ack", required=True, help="descriptors that acks leave by")
    parser.add_argument("--intake", help="descriptors that work comes in by")
    parser.add_argument("--content", help="only sends whose shown data match are acks")
    parser.add_argument("--rule", choices=["clean", "lockstep", "both"], default="both")
    parser.add_argument("--intake-min", type=int, default=1, help="smaller reads bring no work (handshake, heartbeats)")
    parser.add_argument("--ack-min", type=int, default=1, help="smaller sends are no acks")
    parser.add_argument("--ack-max", type=int, default=1 << 31)
    parser.add_argument("--skip-until-intake", action="store_true", help="sends before the first work are no acks")
    parser.add_argument("--min-acks", type=int, default=1, help="fewer prove nothing")
    parser.add_argument("--min-commits", type=int, default=1, help="fewer prove nothing")
    options = parser.parse_args()
    with open(options.trace, encoding="utf-8", errors="replace") as lines:
        store, acks, taken, wrong = check(lines, options)
    for line in wrong[:20]:
        print(line)
    print(f"acks {acks} intake {taken} commits on disk {store.commits} syncs {store.syncs} acks too early {len(wrong)}")
    if wrong:
        return 1
    if acks < options.min_acks or store.commits < options.min_commits:
        print(f"proves nothing: wanted at least {options.min_acks} acks and {options.min_commits} commits on disk")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
