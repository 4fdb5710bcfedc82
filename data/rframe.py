"""Tables out of R's files: the columns of the one data frame that a file *.rda holds, or of a table in the store of a package, by name."""

import gzip
import lzma
import struct
import zlib
from pathlib import Path


def columns(path):
    """Names and values; a factor's values are its levels, as text."""
    (_, frame), = Reader(unpacked(Path(path).read_bytes())).value()
    return named(*frame)


def stored(folder, name):
    """Names and values of the columns of a data frame, a matrix or a single vector in a package's store, the files Rdata.rdx (where each value begins) and Rdata.rdb."""
    elements, attributes = Reader(gzip.decompress((Path(folder) / "Rdata.rdx").read_bytes()), at=2).value()
    variables, names = dict(zip(attributes["names"][0], elements))["variables"]
    start, length = dict(zip(names["names"][0], variables))[name][0]
    packed = (Path(folder) / "Rdata.rdb").read_bytes()[start:start + length]
    values, attributes = Reader(inflated(packed), at=2).value()
    if "dim" not in attributes:
        return named(values, attributes) if "names" in attributes else {name: list(values)}
    rows, count = attributes["dim"][0]
    names = attributes["dimnames"][0][1][0]
    return {names[i]: list(values[i * rows:(i + 1) * rows]) for i in range(count)}


def named(values, attributes):
    return {name: labeled(*column) for name, column in zip(attributes["names"][0], values)}


def inflated(packed):
    """A value of a store: its length, then zlib's data, or a Z and LZMA2."""
    if packed[4:5] != b"Z":
        return zlib.decompress(packed[4:])
    return lzma.decompress(packed[5:], lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 26}])


def labeled(values, attributes):
    levels = attributes.get("levels")
    return [levels[0][value - 1] for value in values] if levels else list(values)


def unpacked(data):
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else lzma.decompress(data)
    if data[:7] not in (b"RDX2\nX\n", b"RDX3\nX\n"):
        raise ValueError(f"R's XDR format is expected, not {data[:7]!r}")
    return data


class Reader:
    """R's XDR serialization (version 2 or 3), as far as lists, numbers and strings go. A value is (elements, attributes)."""

    def __init__(self, data, at=7):
        self.data, self.at, self.symbols = data, at, []

    def value(self):
        version = (self.integer(), self.integer(), self.integer())[0]
        if version == 3:                                     # the name of the encoding
            length = self.integer()
            self.at += length
        return self.item()

    def integer(self):
        self.at += 4
        return struct.unpack_from(">i", self.data, self.at - 4)[0]

    def array(self, kind, width):
        count = self.integer()
        self.at += count * width
        return struct.unpack_from(f">{count}{kind}", self.data, self.at - count * width)

    def text(self):
        length = self.integer()
        if length < 0:
            return None
        self.at += length
        return self.data[self.at - length:self.at].decode("utf-8")

    def item(self):
        flags = self.integer()
        kind, has_attributes, has_tag = flags & 255, flags & 0x200, flags & 0x400
        if kind == 254:                                      # NULL
            return None
        if kind == 255:                                      # a symbol seen before
            return self.symbols[(flags >> 8) - 1]
        if kind == 1:                                        # symbol
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == 9:
            return self.text()
        if kind == 2:                                        # pair list
            if has_attributes:
                self.item()
            tag = self.item() if has_tag else None
            head = self.item()
            return [(tag, head)] + (self.item() or [])
        if kind in (16, 19):                                 # vector of strings, list
            value = [self.item() for _ in range(self.integer())]
        elif kind in (10, 13):                               # logical, integer
            value = self.array("i", 4)
        elif kind == 14:                                     # double
            value = self.array("d", 8)
        else:
            raise ValueError(f"R type {kind} is not expected here")
        return (value, dict(self.item())) if has_attributes else (value, {})


def csv(table, word=lambda value: f"{value:.15g}"):
    """The table as text: a line of names, then a line a row; what is text already stays as it is."""
    rows = zip(*table.values(), strict=True)
    lines = [",".join(table), *(",".join(value if isinstance(value, str) else word(value) for value in row) for row in rows)]
    return "\n".join(lines) + "\n"
