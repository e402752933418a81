#!/usr/bin/env python3
"""texts.py SOURCE: everything that is said to people is said in Japanese and in English.

Looks at the sources of the programs (keys, relay, client-tui). A Japanese literal has its English one beside it: the next
argument, the other branch of a choice, the next value of a row, or at least in the same statement. One that stands alone is
a text that somebody with the other language cannot read; a pair whose {} differ says something else in the other language.
"""
import os
import re
import sys

FOLDERS = ("keys", "relay", "client-tui")
# Japanese in every language, or told in English elsewhere.
NOT_TEXTS = {
    "keys/words.cpp",   # syllables of the words that people compare
    "keys/object.cpp",  # names of objects: the English ones are name_of
}
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
LITERAL = r'"(?:[^"\\]|\\.)*"'
TEXT = r"((?:%s\s*)+)" % LITERAL
# "ja", "en" · "ja" : "en", with a conversion around either.
PAIR = re.compile(r"%s\)?\s*[,:]\s*(?:\w+(?:::\w+)*\()?%s" % (TEXT, TEXT))
ENGLISH = re.compile(r'"[^"\u0080-\uffff]*[A-Za-z]{2}[^"\u0080-\uffff]*"$|""$')
COMMENT = re.compile(r"(%s)|//[^\n]*|/\*.*?\*/" % LITERAL, re.S)


def sources(top):
    for folder in FOLDERS:
        for where, _, names in os.walk(os.path.join(top, folder)):
            for name in sorted(names):
                if name.endswith((".cpp", ".hpp", ".inc")):
                    yield os.path.join(where, name)


def without_comments(text):
    """Comments become spaces; line numbers stay."""
    return COMMENT.sub(lambda match: match.group(1) or re.sub(r"[^\n]", " ", match.group(0)), text)


def joined(literals):
    return "".join(literal[1:-1] for literal in re.findall(LITERAL, literals))


def pairs_of(text):
    """(start, end, ja, en) of each; a literal may end one try and begin the next."""
    at = 0
    while match := PAIR.search(text, at):
        ja, en = map(joined, match.groups())
        if JAPANESE.search(ja) and not JAPANESE.search(en) and re.search("[A-Za-z{]", en):
            yield match.start(1), match.end(2), ja, en
            at = match.end(2)
        else:
            at = match.end(1)


def statement_around(text, match):
    begin = max(text.rfind(mark, 0, match.start()) for mark in ";{}") + 1
    ends = [end for end in (text.find(mark, match.end()) for mark in ";{}") if end >= 0]
    return text[begin:min(ends, default=len(text))]


def main():
    top = sys.argv[1]
    pairs, wrong = 0, []
    for path in sources(top):
        name = os.path.relpath(path, top)
        with open(path, encoding="utf-8") as file:
            text = without_comments(file.read())
        paired = set()
        for start, end, ja, en in pairs_of(text):
            pairs += 1
            paired.update(range(start, end))
            if sorted(re.findall(r"\{[^}]*\}", ja)) != sorted(re.findall(r"\{[^}]*\}", en)):
                wrong.append("%s:%d: not the same {}: %s | %s" % (name, text.count("\n", 0, start) + 1, ja, en))
        for match in re.finditer(LITERAL, text):
            if not JAPANESE.search(match.group()) or match.start() in paired or name in NOT_TEXTS:
                continue
            if not any(ENGLISH.match(other) for other in re.findall(LITERAL, statement_around(text, match))):
                wrong.append("%s:%d: only in Japanese: %s" % (name, text.count("\n", 0, match.start()) + 1, match.group()))
    print("\n".join(wrong))
    print("%d texts in both languages, %d problems" % (pairs, len(wrong)))
    return 1 if wrong or pairs == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
