"""A person at a terminal: the console under tmux, keys in, what stands on the screen out.

    with Terminal([path_of_noroshi, "--home", home], size=(80, 24)) as screen:
        screen.until("第一報")
        screen.keys("1", "9", "Enter")
        screen.type("輪島市門前町")
Each has a tmux server of its own (a socket in the test's directory). Nothing sleeps: `until` looks again until a deadline.
"""
import itertools
import os
import subprocess
import time

from harness import DEADLINE

NUMBERS = itertools.count()


class Terminal:
    def __init__(self, argv, directory, size=(80, 24), environment=None):
        self.socket = os.path.join(directory, "tmux-%d" % next(NUMBERS))
        self.pressed = 0
        words = dict({"LC_ALL": "C.UTF-8", "TERM": "screen-256color"}, **(environment or {}))
        settings = ["%s=%s" % pair for pair in words.items()]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "console", "-x", str(size[0]), "-y", str(size[1]),
                  "env", *settings, *argv, ";", "set-option", "-g", "remain-on-exit", "on")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server", check=False)

    def tmux(self, *words, check=True):
        done = subprocess.run(["tmux", "-S", self.socket, *words], capture_output=True, timeout=DEADLINE,
                              env=dict(os.environ, LC_ALL="C.UTF-8"))
        if check and done.returncode != 0:
            raise AssertionError("tmux %s: %s" % (" ".join(words), done.stderr.decode("utf-8", "replace")))
        return done.stdout.decode("utf-8", "replace")

    def keys(self, *names):
        """Keys by their tmux names, counted: a person presses each of them."""
        self.pressed += len(names)
        self.tmux("send-keys", "-t", "console", *names)

    def type(self, text):
        """What an input method commits; not counted as keys."""
        self.tmux("send-keys", "-t", "console", "-l", "--", text)

    def paste(self, text):
        self.tmux("set-buffer", text)
        self.tmux("paste-buffer", "-p", "-t", "console")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "console", "-x", str(columns), "-y", str(rows))

    def pane(self):
        return self.tmux("capture-pane", "-p", "-t", "console")

    def pid(self):
        return int(self.tmux("display-message", "-p", "-t", "console", "#{pane_pid}"))

    def dead(self):
        return self.tmux("display-message", "-p", "-t", "console", "#{pane_dead}").strip() == "1"

    def until(self, text, patience=DEADLINE):
        """The pane once it holds `text`."""
        end = time.monotonic() + patience
        while True:
            pane = self.pane()
            if text in pane:
                return pane
            if time.monotonic() > end:
                raise AssertionError("%r did not come up; the screen:\n%s" % (text, pane))
            time.sleep(0.02)

    def until_gone(self, text, patience=DEADLINE):
        end = time.monotonic() + patience
        while text in self.pane():
            if time.monotonic() > end:
                raise AssertionError("%r stays; the screen:\n%s" % (text, self.pane()))
            time.sleep(0.02)
