"""Reads printed QR codes as a telephone would: the marks on the paper become a picture, and libzbar finds what is in it.
Standard library and libzbar0."""
import ctypes
import re

PIXELS = 4  # a module
QR = 64
Y800 = int.from_bytes(b"Y800", "little")
BLOCKS = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}


def _library():
    zbar = ctypes.CDLL("libzbar.so.0")
    pointer = ctypes.c_void_p
    for name, result, arguments in (
            ("zbar_image_scanner_create", pointer, []),
            ("zbar_image_scanner_destroy", None, [pointer]),
            ("zbar_image_scanner_set_config", ctypes.c_int, [pointer, ctypes.c_int, ctypes.c_int, ctypes.c_int]),
            ("zbar_image_create", pointer, []),
            ("zbar_image_destroy", None, [pointer]),
            ("zbar_image_set_format", None, [pointer, ctypes.c_ulong]),
            ("zbar_image_set_size", None, [pointer, ctypes.c_uint, ctypes.c_uint]),
            ("zbar_image_set_data", None, [pointer, ctypes.c_char_p, ctypes.c_ulong, pointer]),
            ("zbar_scan_image", ctypes.c_int, [pointer, pointer]),
            ("zbar_image_first_symbol", pointer, [pointer]),
            ("zbar_symbol_next", pointer, [pointer]),
            ("zbar_symbol_get_data", pointer, [pointer]),
            ("zbar_symbol_get_data_length", ctypes.c_uint, [pointer])):
        function = getattr(zbar, name)
        function.restype, function.argtypes = result, arguments
    return zbar


def read(modules):
    """Texts of the codes in a picture of modules: rows of booleans, True is dark."""
    width = max(map(len, modules))
    picture = bytearray()
    for row in modules:
        line = b"".join((b"\0" if dark else b"\xff") * PIXELS for dark in row + [False] * (width - len(row)))
        picture += line * PIXELS
    zbar = _library()
    scanner, image = zbar.zbar_image_scanner_create(), zbar.zbar_image_create()
    try:
        zbar.zbar_image_scanner_set_config(scanner, 0, 0, 0)
        zbar.zbar_image_scanner_set_config(scanner, QR, 0, 1)
        zbar.zbar_image_set_format(image, Y800)
        zbar.zbar_image_set_size(image, width * PIXELS, len(modules) * PIXELS)
        data = bytes(picture)  # lives until the image is gone
        zbar.zbar_image_set_data(image, data, len(data), None)
        zbar.zbar_scan_image(scanner, image)
        texts, symbol = [], zbar.zbar_image_first_symbol(image)
        while symbol:
            texts.append(ctypes.string_at(zbar.zbar_symbol_get_data(symbol), zbar.zbar_symbol_get_data_length(symbol)).decode())
            symbol = zbar.zbar_symbol_next(symbol)
        return texts
    finally:
        zbar.zbar_image_destroy(image)
        zbar.zbar_image_scanner_destroy(scanner)


def in_text(text):
    """Texts of the codes drawn in half blocks, whatever else stands on the pages."""
    codes, drawing = [], []
    for line in re.split(r"[\n\f]", text) + ["end"]:
        if line.strip() and set(line) <= set(BLOCKS):
            drawing += [[BLOCKS[mark][0] for mark in line], [BLOCKS[mark][1] for mark in line]]
        elif drawing:
            margin = [[False] * 80] * 8
            codes += read(margin + [[False] * 4 + row for row in drawing] + margin)
            drawing = []
    return codes


def in_html(page):
    """Texts of the codes drawn as SVG."""
    codes = []
    for side, path in re.findall(r'viewBox="0 0 (\d+) \d+".*?<path d="([^"]*)"', page):
        modules = [[False] * int(side) for _ in range(int(side))]
        for column, row, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
            for at in range(int(column), int(column) + int(run)):
                modules[int(row)][at] = True
        codes += read(modules)
    return codes
