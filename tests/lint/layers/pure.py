#!/usr/bin/env python3
"""The core as an archive asks for no clock, file, socket, thread, randomness or outside library.

usage: pure.py NM ARCHIVE     one line for each symbol that does not belong; 1 if there is any
       pure.py --self         proves that the rules can fail
"""
import re
import subprocess
import sys

FORBIDDEN = {
    "a clock": r"time|times|clock|clock_gettime|gettimeofday|nanosleep|usleep|sleep|std::chrono::.*::now\(\).*|timerfd_.*",
    "a file": r"open(64|at)?|fopen(64)?|read|write|close|std::basic_(i|o)?f(stream|ilebuf)<.*|std::filesystem::.*",
    "a socket": r"socket|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|poll|e?poll_.*|select",
    "a thread": r"pthread_create|std::thread::.*|std::condition_variable.*|std::mutex.*|pthread_mutex_.*",
    "randomness": r"rand|random|srand|getrandom|getentropy|std::random_device.*",
    "LMDB": r"mdb_.*",
    "ZeroMQ": r"zmq_.*",
    "libsodium": r"sodium_.*|crypto_.*|randombytes.*",
    "protobuf": r"google::protobuf::.*",
    "the terminal": r"printf|puts|putchar|std::cout|std::cerr|std::clog",
}


def asked_for(symbols):
    for symbol in symbols:
        name = symbol.split("@")[0].strip()
        for what, pattern in FORBIDDEN.items():
            if re.fullmatch(pattern, name):
                yield f"{name}: {what}"


def undefined(nm, archive):
    listing = subprocess.run([nm, "-u", "-C", archive], check=True, capture_output=True, text=True).stdout
    return sorted({line.split(" U ", 1)[1] for line in listing.splitlines() if " U " in line})


def prove():
    wrong = ["clock_gettime", "std::chrono::_V2::steady_clock::now()", "mdb_put", "zmq_send", "crypto_sign", "open64",
             "std::random_device::_M_getval()", "pthread_create", "recv", "google::protobuf::Message::Clear()"]
    right = ["memcpy", "noroshi::core::Clock::time(noroshi::Now) const", "operator new(unsigned long)",
             "std::__throw_length_error(char const*)", "noroshi::keys::receipt_digest"]
    noticed = [complaint.split(": ")[0] for complaint in asked_for(wrong + right)]
    return 0 if noticed == wrong else 1


def main():
    if sys.argv[1:] == ["--self"]:
        return prove()
    symbols = undefined(*sys.argv[1:3])
    if not any("noroshi::core" in s or "noroshi::keys" in s for s in symbols):
        print("this is not the core's archive")
        return 1
    complaints = list(asked_for(symbols))
    print("\n".join(complaints) or f"pure: none of {len(symbols)} undefined symbols reaches outside")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
