#!/usr/bin/env python3
"""Lower layers never include higher ones, and each outside library is included where it lives.

usage: includes.py TOP        one line for each include that does not belong; 1 if there is any
       includes.py --self     proves that the rules can fail
"""
import pathlib
import re
import sys
import tempfile

# What a folder may include besides itself. Longest prefix wins.
LAYERS = {
    "proto": [],
    "proto/forms": ["proto"],
    "keys": ["proto"],
    "relay/lmdb": ["proto"],
    "relay/core": ["proto", "keys"],
    "relay/store": ["proto", "keys", "relay/lmdb", "relay/core"],
    "relay/link": ["proto", "keys", "relay/core"],
    "relay/daemon": ["proto", "keys", "relay"],
    "client-tui/desk": ["proto", "keys", "relay/lmdb"],
    "client-tui/export": ["proto", "keys", "relay/lmdb", "client-tui/desk"],
    "client-tui/attach": ["proto", "keys", "relay/lmdb", "client-tui/desk"],
    "client-tui/position": ["proto", "keys"],
    "client-tui/words": ["proto", "keys", "relay/lmdb", "client-tui/desk"],
    "client-tui/paper": ["proto", "keys", "relay/lmdb", "client-tui/desk", "client-tui/words", "client-tui/tui/text"],
    "client-tui/tui": ["proto", "keys", "relay/lmdb", "client-tui/desk", "client-tui/words", "client-tui/export",
                       "client-tui/attach", "client-tui/paper", "client-tui/position"],
    "client-tui/tui/text": ["proto"],
    "client-tui/cli": ["proto", "keys", "relay/lmdb", "client-tui"],
    "client-tui": ["proto", "keys", "relay/lmdb", "client-tui"],
}

# An outside header, and the files that may include it. A number: at most so many files of that pattern.
LIBRARIES = [
    (r"sodium\.h|sodium/.*", r"keys/[a-z_]+\.cpp", None),
    (r"lmdb\.h", r"relay/lmdb/[a-z_]+\.cpp", None),
    (r"zmq(\.h|\.hpp|_addon\.hpp)", r"relay/(link|daemon)/[a-z_]+\.(cpp|hpp)", None),
    (r"zmq(\.h|\.hpp|_addon\.hpp)", r"client-tui/.*\.cpp", 1),
    (r"(n?curses|ncursesw/.*)(\.h)?", r"client-tui/.*\.cpp", 1),
    (r"qrencode\.h", r"client-tui/.*\.cpp", 1),
    (r"turbojpeg\.h|png\.h|libexif/.*", r"client-tui/attach/[a-z_]+\.cpp", None),
    (r"gps\.h", r"client-tui/position/[a-z_]+\.cpp", 1),
    (r"zlib\.h", r"proto/forms/[a-z_]+\.cpp", 1),
    (r".*\.pb\.h", r"(.*/)?[a-z_]*codec[a-z_]*\.(cpp|hpp)", None),
]

PRODUCT = ("proto", "keys", "relay", "client-tui")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def sources(top):
    for folder in PRODUCT:
        for path in sorted((top / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".h"):
                yield path.relative_to(top).as_posix(), path


def layer_of(name):
    fitting = [layer for layer in LAYERS if name == layer or name.startswith(layer + "/")]
    return max(fitting, key=len, default=None)


def check(top):
    complaints = []
    users = {}
    for name, path in sources(top):
        layer = layer_of(name)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            quoted, header = found.group(1) == '"', found.group(2)
            where = f"{name}:{number}: {header}"
            rules = [rule for rule in LIBRARIES if re.fullmatch(rule[0], header)]
            if rules:
                mine = [rule for rule in rules if re.fullmatch(rule[1], name)]
                if not mine:
                    complaints.append(f"{where}: this library is not included here")
                for rule in mine:
                    users.setdefault(rule, set()).add(name)
                continue
            if header.startswith("tests/"):
                complaints.append(f"{where}: the product includes a test")
                continue
            if not quoted or "/" not in header:
                continue
            allowed = [layer] + LAYERS.get(layer, [])
            if not any(header.startswith(one + "/") for one in allowed if one):
                complaints.append(f"{where}: {layer} may not include it")
            # The lower one of two nested layers must not reach up into the other.
            elif layer == "proto" and header.startswith("proto/forms/"):
                complaints.append(f"{where}: the base of proto may not include the forms")
    for (header, files, most), names in users.items():
        if most is not None and len(names) > most:
            complaints.append(f"{header}: included by {', '.join(sorted(names))}; one file is enough")
    return complaints


def prove():
    """Each of these must be noticed, and nothing else."""
    wrong = {
        "proto/low.hpp": '#include "keys/trust.hpp"',
        "proto/up.hpp": '#include "proto/forms/report.hpp"',
        "keys/a.hpp": "#include <sodium.h>",
        "relay/core/b.cpp": '#include "relay/store/turn.hpp"',
        "relay/core/c.cpp": "#include <lmdb.h>",
        "relay/core/d.cpp": '  #  include "proto/frame.pb.h"',
        "relay/link/e.cpp": '#include "relay/daemon/relay.hpp"',
        "client-tui/desk/f.cpp": '#include "client-tui/cli/main.hpp"',
        "client-tui/desk/g.cpp": '#include "relay/core/node.hpp"',
        "client-tui/cli/h.cpp": '#include "tests/support/network.hpp"',
    }
    right = {
        "keys/k.cpp": "#include <sodium.h>",
        "proto/frame_codec.cpp": '#include "proto/frame.pb.h"',
        "relay/daemon/z.cpp": "#include <zmq.hpp>",
        "client-tui/desk/l.cpp": '#include "relay/lmdb/env.hpp"',
    }
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        for name, text in {**wrong, **right}.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        noticed = {complaint.split(":")[0] for complaint in check(top)}
    if noticed != set(wrong):
        print("not noticed:", sorted(set(wrong) - noticed), "wrongly noticed:", sorted(noticed - set(wrong)))
        return 1
    return 0


def main():
    if sys.argv[1:] == ["--self"]:
        return prove()
    complaints = check(pathlib.Path(sys.argv[1]))
    print("\n".join(complaints) or "every include belongs where it stands")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
