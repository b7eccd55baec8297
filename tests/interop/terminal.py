"""A person at a terminal: `ebbtide` in a pseudo-terminal, its screen as pyte shows it, keys by their names.

Invariant: nothing is waited for by sleeping. A wait names what the screen shall show and fails at its deadline,
with the screen; a program that a test leaves behind is ended.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

from harness import EBBTIDE, REGION, environment

COLUMNS, ROWS = 80, 24
PATIENCE = 30
KEYS = {
    "enter": "\r",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "esc": "\x1b",
    "backspace": "\x7f",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "space": " ",
    "ctrl-s": "\x13",
    "ctrl-u": "\x15",
    "F2": "\x1bOQ",
    "F3": "\x1bOR",
    "F4": "\x1bOS",
    "F5": "\x1b[15~",
    "F6": "\x1b[17~",
    "F7": "\x1b[18~",
    "F9": "\x1b[20~",
}


class Terminal:
    """The program at work, and what it shows."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def press(self, keys: str) -> "Terminal":
        """Keys by name, else by the letter they print, parted by spaces."""
        for key in keys.split():
            self._send(KEYS.get(key, key))
        return self

    def fill(self, *texts: str) -> "Terminal":
        """The next fields, each typed over with its text."""
        for text in texts:
            self.press("tab ctrl-u").paste(text)
        return self

    def paste(self, text: str) -> "Terminal":
        """Text between the brackets that a terminal puts around what is pasted."""
        self._send(f"\x1b[200~{text}\x1b[201~")
        return self

    def shows(self, *texts: str, seconds: float = PATIENCE) -> str:
        """The screen, once all of these are on it."""
        return self.comes_to(
            lambda screen: all(text in screen for text in texts), " and ".join(texts), seconds
        )

    def shows_no_more(self, text: str, seconds: float = PATIENCE) -> str:
        """The screen, once this is off it."""
        return self.comes_to(lambda screen: text not in screen, f"the end of {text!r}", seconds)

    def comes_to(self, holds: Callable[[str], bool], what: str, seconds: float = PATIENCE) -> str:
        """The screen, once this holds of it."""
        deadline = time.monotonic() + seconds
        while not holds(self.screen()):
            left = deadline - time.monotonic()
            assert left > 0 and self._read(left), f"waited in vain for {what}:\n{self.screen()}"
        return self.screen()

    def screen(self) -> str:
        """The rows that are shown, as they were last read."""
        return "\n".join(self._screen.display)

    def row_of(self, text: str) -> str:
        """The first row that holds this."""
        rows = [row for row in self._screen.display if text in row]
        assert rows, f"no {text!r} on:\n{self.screen()}"
        return rows[0]

    def _send(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def _read(self, seconds: float) -> bool:
        """Takes what the program has sent, if it sends anything within this time."""
        readable, _, _ = select.select([self._ours], [], [], seconds)
        if readable:
            try:
                self._stream.feed(os.read(self._ours, 65536))
            except OSError:  # The program has ended.
                return False
        return bool(readable)


@contextmanager
def at_the_terminal(home: Path, *arguments: str, **variables: str) -> Iterator[Terminal]:
    """`ebbtide` in a terminal of 80 columns and 24 rows, until the block ends."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [EBBTIDE, *arguments],
        env=environment(home, TERM="xterm-256color", TZ="UTC", AWS_REGION=REGION) | variables,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
