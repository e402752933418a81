#!/usr/bin/env python3
"""Takes the screens of client-tui/tui/SCREENS.md anew, from the real console in a small network:
    tests/e2e/screens.py --bin build/dev/bin > client-tui/tui/SCREENS.md
Times differ from run to run; everything else on them is what people see.
"""
import os
import sys
import tempfile

import harness
import nets
from terminal import Terminal

EXERCISE, BRANCH = 24001, 1700001
SIZES = ((80, 24), (60, 16), (132, 43))


def network(directory):
    net = nets.Network(directory, harness.BIN)
    net.offices()
    net.unit(BRANCH, "訓練輪島支部", ["17204"], 9800)
    net.unit(BRANCH + 1, "訓練珠洲支部", ["17205"], 4100)
    net.exercise(EXERCISE, "能登半島地震 訓練", ["17"])
    net.branch(BRANCH)
    net.enrol()
    net.start()
    return net


def console(net, laptop, directory, language="ja", size=(80, 24), **environment):
    environment["NOROSHI_HOME"] = net.laptops[laptop].home
    screen = Terminal([os.path.join(harness.BIN, "noroshi"), "--lang", language], directory, size, environment)
    screen.until(":")
    screen.type(nets.PASSPHRASE.decode().strip())
    screen.keys("Enter")
    return screen


def show(title, pane):
    print("\n%s\n\n```\n%s\n```" % (title, "\n".join(line.rstrip() for line in pane.rstrip("\n").split("\n"))))


def walk(net, directory):
    """A first report and a follow-up, as the branch sees them."""
    with console(net, "wajima", directory) as screen:
        show("### はじめの画面 · first screen", screen.until("第一報"))
        screen.keys("1", "1", "9", "3")
        show("### 第一報 · first report, three answers given", screen.until("〜100戸"))
        screen.keys("2", "2", "4", "1")
        show("### 送る前の確認 · review", screen.until("送る前の確認"))
        screen.keys("s")
        show("### 送った後 · sent, nine keys after the first screen", screen.until("送信待ちに入りました"))
        screen.keys("3", "C-f")
        screen.until("探す:")
        screen.type("ていし")
        show("### 項目を探す · finding a field by its reading", screen.until("探す: ていし"))
        screen.keys("Enter")
        screen.until_gone("探す:")
        screen.keys("3", "4", "5", "Enter")
        show("### 続報 · follow-up with the last report's values", screen.until("345戸"))
        screen.keys("C-s")
        screen.until("送る前の確認")
        screen.keys("s")
        screen.until("送信待ちに入りました")
        screen.keys("?")
        show("### ? · what can be pressed", screen.until("今押せるキー"))


def sizes(net, directory):
    for size in SIZES:
        with console(net, "ministry", directory, size=size) as screen:
            show("### 集計 · the ministry's board, %d×%d" % size, screen.until("供給停止戸数"))
            if size == SIZES[0]:
                screen.keys("/")
                screen.type("輪島市")
                screen.keys("Enter", "Enter")
                show("### 集計・輪島市 · one place of it, after Enter", screen.until("報告 1 行"))
            screen.keys("1")
            show("### 受信 · its inbox, %d×%d" % size, screen.until("F1"))
    with console(net, "wajima", directory, language="en", size=(80, 24), NO_COLOR="1") as screen:
        show("### English, without colour (NO_COLOR)", screen.until("first report"))
        screen.keys("0", "2")
        show("### Outbox in English", screen.until("[2"))
    with console(net, "wajima", directory, language="en", TERM="linux") as screen:
        show("### On the Linux console: ASCII only", screen.until("first report"))
        screen.keys("0", "2", "Enter")
        show("### A report there: kana by reading, kanji by number", screen.until("update #2"))


def plain(net):
    """The same without a screen: six answers and the board."""
    out = net.plain("wajima", ["1", "1", "9", "3", "2", "2", "4", "1", "1", "11", "", "0"])
    show("### --plain · 画面なし: 第一報と集計", out)


def main():
    harness.BIN = os.path.abspath(sys.argv[sys.argv.index("--bin") + 1])
    print("# 画面 · Screens\n\nTaken from the running console by `tests/e2e/screens.py`; the figures are an exercise's.")
    with tempfile.TemporaryDirectory() as directory:
        net = network(directory)
        try:
            walk(net, directory)
            sizes(net, directory)
            plain(net)
        finally:
            net.end()


if __name__ == "__main__":
    main()
