"""A terminal's screen from the bytes sent to it, with ○ ① → — of one column or, as one set up for Japanese draws them, of
two. Enough of xterm's words to follow what curses sends; a word it does not know is an error, or a test would prove
nothing."""
import re
import unicodedata

WORD = re.compile("\x1b\\[(?P<private>[?>]?)(?P<numbers>[0-9;]*)(?P<word>[@A-Za-z`])|\x1b(?P<plain>[=>78cM])|\x1b[()][0B]|"
                  "\x1b\\][^\x07]*\x07")
HALF = "\0"  # the second half of a wide character


def ambiguous(one):
    return unicodedata.east_asian_width(one) == "A" and not unicodedata.combining(one)


class Drawn:
    def __init__(self, columns, rows, wide):
        self.columns, self.rows, self.wide = columns, rows, wide
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.saved = (0, 0)
        self.region = (0, rows)
        self.last = " "

    def text(self):
        return "\n".join("".join(cell for cell in row if cell != HALF).rstrip() for row in self.cells)

    def width(self, one):
        if unicodedata.combining(one) or one in "\ufe0e\ufe0f":
            return 0
        return 2 if unicodedata.east_asian_width(one) in "WF" or (self.wide and ambiguous(one)) else 1

    def feed(self, text):
        """Takes in what was sent; gives back a word that is not complete yet."""
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self.take(text[at])
                at += 1
                continue
            word = WORD.match(text, at)
            if word is None:
                if len(text) - at < 32:
                    return text[at:]
                raise AssertionError("what is %r?" % text[at:at + 20])
            at = word.end()
            if word["word"]:
                self.obey(word["word"], word["private"], [int(one or 0) for one in word["numbers"].split(";")])
            elif word["plain"] == "M":
                if self.row == self.region[0]:
                    self.scroll("T", 1)
                else:
                    self.row = max(self.row - 1, 0)
            elif word["plain"] == "7":
                self.saved = (self.row, self.column)
            elif word["plain"] == "8":
                self.row, self.column = self.saved
        return ""

    def take(self, one):
        if one == "\r":
            self.column = 0
        elif one == "\n":
            if self.row == self.region[1] - 1:
                self.scroll("S", 1)
            else:
                self.row = min(self.row + 1, self.rows - 1)
        elif one == "\b":
            self.column = max(self.column - 1, 0)
        elif one == "\t":
            self.column = min((self.column // 8 + 1) * 8, self.columns - 1)
        elif one >= " ":
            self.draw(one)

    def draw(self, one):
        width = self.width(one)
        if width == 0:
            return
        if self.column + width > self.columns:  # it wraps, and damages the row below
            self.column, self.row = 0, min(self.row + 1, self.rows - 1)
        row = self.cells[self.row]
        if row[self.column] == HALF:
            row[self.column - 1] = " "
        for i in range(width):
            row[self.column + i] = HALF if i else one
        if self.column + width < self.columns and row[self.column + width] == HALF:
            row[self.column + width] = " "
        self.column += width
        self.last = one

    def scroll(self, word, count):
        """S and T move the region up and down, L and M insert and delete lines in it at the cursor."""
        top, bottom = self.region
        begin = self.row if word in "LM" else top
        lines, empty = self.cells[begin:bottom], [[" "] * self.columns for _ in range(count)]
        moved_lines = empty + lines if word in "TL" else lines[count:] + empty
        self.cells[begin:bottom] = moved_lines[:bottom - begin]

    def blank(self, row, begin, end):
        for column in range(begin, end):
            self.cells[row][column] = " "

    def obey(self, word, private, numbers):
        first = max(numbers[0], 1)
        if private or word in "mlhtqn":
            return
        self.column = min(self.column, self.columns - 1)
        row = self.cells[self.row]
        if word in "Hf":
            self.row = min(first, self.rows) - 1
            self.column = min(max(numbers[1] if len(numbers) > 1 else 1, 1), self.columns) - 1
        elif word == "A":
            self.row = max(self.row - first, 0)
        elif word == "B":
            self.row = min(self.row + first, self.rows - 1)
        elif word == "C":
            self.column = min(self.column + first, self.columns - 1)
        elif word == "D":
            self.column = max(self.column - first, 0)
        elif word in "G`":
            self.column = min(first, self.columns) - 1
        elif word == "d":
            self.row = min(first, self.rows) - 1
        elif word == "J":
            self.blank(self.row, self.column if numbers[0] == 0 else 0, self.columns)
            for below in range(self.row + 1 if numbers[0] == 0 else 0, self.rows):
                self.blank(below, 0, self.columns)
        elif word == "K":
            begin, end = ((self.column, self.columns), (0, self.column + 1), (0, self.columns))[numbers[0]]
            self.blank(self.row, begin, end)
        elif word == "X":
            self.blank(self.row, self.column, min(self.column + first, self.columns))
        elif word == "@":
            row[self.column:] = ([" "] * first + row[self.column:])[:self.columns - self.column]
        elif word == "P":
            row[self.column:] = (row[self.column + first:] + [" "] * first)[:self.columns - self.column]
        elif word == "r":
            self.region = (first - 1, numbers[1] if len(numbers) > 1 and numbers[1] else self.rows)
            self.row = self.column = 0
        elif word in "STLM":
            self.scroll(word, first)
        elif word == "b":
            for _ in range(first):
                self.draw(self.last)
        else:
            raise AssertionError("what is %r %r?" % (word, numbers))


def moved(narrow, wide):
    """Cells that stand elsewhere, or are gone, where ambiguous characters are wide. They themselves, and what such a one may
    cover to its right, do not count."""
    out = []
    for row in range(narrow.rows):
        for column in range(narrow.columns):
            one, other = narrow.cells[row][column], wide.cells[row][column]
            excused = ambiguous(one) or (column > 0 and ambiguous(narrow.cells[row][column - 1]))
            if one != other and not excused:
                out.append((row, column, one, other))
    return out
