#!/usr/bin/env python3
"""Runs a command and fails if it, or anything it starts, reaches for a network that was not named.

  check_network.py [--allow ADDRESS:PORT]... [--keep TRACE] -- COMMAND...

Allowed are Unix sockets, loopback, and what --allow names (an address of a configuration). Everything else that is
connected to, bound or sent to is a violation, and so is every look-up of a name: port 53 or 5353 anywhere, loopback too, and
the sockets of name services. Needs strace; nothing is blocked, only seen, so the command behaves as always.

Exit: the command's own code if nothing was found; 76 with one line for each violation otherwise; 69 without strace.
"""
import argparse
import ipaddress
import os
import re
import shutil
import subprocess
import sys
import tempfile

VIOLATION, UNAVAILABLE, USAGE = 76, 69, 64
# --seccomp-bpf stops a process only at the calls that are asked for, so timings stay what they are. LeakSanitizer does
# not work in a traced process: an instrumented program looks for leaks when nobody looks at it.
STRACE = ("strace", "-E", "ASAN_OPTIONS=detect_leaks=0", "--seccomp-bpf", "-f", "-qq")
CALLS = ("connect", "bind", "sendto", "sendmsg", "sendmmsg")
NAME_PORTS = {53, 5353, 5355}
NAME_SOCKETS = ("/nscd/socket", "io.systemd.Resolve", "dbus/system_bus_socket")

CALL = re.compile(r"\b(%s)\((.*)" % "|".join(CALLS))
ADDRESS = re.compile(
    r"\{sa_family=(AF_\w+)"
    r"(?:, sin6?_port=htons\((\d+)\))?"
    r"(?:.*?(?:inet_addr\(\"([^\"]*)\"\)|inet_pton\(AF_INET6, \"([^\"]*)\"))?")
UNIX = re.compile(r"sun_path=@?\"([^\"]*)\"")
FAILED = re.compile(r"= -1 (ECONNREFUSED|ENOENT)\b")


def whole_calls(lines):
    """The lines of a trace, with calls put together that another thread interrupted."""
    begun = {}
    for line in lines:
        pid = line.split(" ", 1)[0]
        if "<unfinished ...>" in line:
            begun[pid] = line.split("<unfinished ...>")[0]
        elif " resumed>" in line and pid in begun:
            yield begun.pop(pid) + line.split(" resumed>", 1)[1]
        else:
            yield line
    yield from begun.values()


def violations(lines, allowed):
    """(call, where, why) of every step outside, each once, in order."""
    seen = {}
    for line in whole_calls(lines):
        call = CALL.search(line)
        if not call:
            continue
        for address in ADDRESS.finditer(call[2]):
            found = judge(address, line, allowed)
            if found:
                seen.setdefault((call[1],) + found)
    return list(seen)


def judge(address, line, allowed):
    family, port, v4, v6 = address.groups()
    if family == "AF_UNIX":
        path = UNIX.search(line)
        # Asking a name service that is not there is what the C library does for users and groups, too.
        if path and path[1].endswith(NAME_SOCKETS) and not FAILED.search(line):
            return path[1], "name service"
        return None
    if family in ("AF_UNSPEC", "AF_NETLINK"):
        return None
    where = "%s:%s" % (v4 or ("[%s]" % v6 if v6 else family), port or "?")
    if family not in ("AF_INET", "AF_INET6") or port is None:
        return where, "address family"
    if int(port) in NAME_PORTS:
        return where, "name look-up"
    if where in allowed:
        return None
    try:
        host = ipaddress.ip_address(v4 or v6)
        inside = host.is_loopback or (host.version == 6 and host.ipv4_mapped and host.ipv4_mapped.is_loopback)
    except ValueError:
        inside = False
    return None if inside else (where, "not named in the configuration")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--allow", action="append", default=[], metavar="ADDRESS:PORT")
    parser.add_argument("--keep", metavar="TRACE", help="keep the trace in this file")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.print_usage(sys.stderr)
        return USAGE
    if not shutil.which(STRACE[0]):
        print("check_network: strace is not installed", file=sys.stderr)
        return UNAVAILABLE
    with tempfile.TemporaryDirectory(prefix="check-network-") as directory:
        trace = options.keep or os.path.join(directory, "trace")
        code = subprocess.run([*STRACE, "-s", "200", "-o", trace, "-e", "trace=" + ",".join(CALLS), "-e", "signal=none", "--", *command]).returncode
        with open(trace, encoding="utf-8", errors="replace") as lines:
            found = violations(lines, set(options.allow))
    for call, where, why in found:
        print("check_network: %s %s: %s" % (call, where, why), file=sys.stderr)
    return VIOLATION if found else code


if __name__ == "__main__":
    sys.exit(main())
