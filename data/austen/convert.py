"""Writes pride-and-prejudice.txt.gz from the lazy-load store Rdata.rdx, Rdata.rdb of the R package janeaustenr: python3 convert.py FOLDER"""

import gzip
import struct
import sys
import zlib
from pathlib import Path


def unserialize(data):
    """The value in R's XDR serialisation (version 2 or 3), as far as lists, numbers and strings go."""
    at = 2

    def integer():
        nonlocal at
        at += 4
        return struct.unpack_from(">i", data, at - 4)[0]

    def array(kind, width):
        nonlocal at
        count = integer()
        at += count * width
        return struct.unpack_from(f">{count}{kind}", data, at - count * width)

    references = []

    def item():
        nonlocal at
        flags = integer()
        kind, attributes, tagged = flags & 255, flags & 0x200, flags & 0x400
        if kind == 254:                                  # NULL
            return None
        if kind == 255:                                  # a symbol seen before
            return references[(flags >> 8) - 1]
        if kind == 1:                                    # symbol
            references.append(item())
            return references[-1]
        if kind == 9:                                    # string
            length = integer()
            if length < 0:
                return None
            at += length
            return data[at - length:at].decode("utf-8")
        if kind == 2:                                    # pair list
            if attributes:
                item()
            tag = item() if tagged else None
            head = item()
            return [(tag, head)] + (item() or [])
        if kind in (16, 19):                             # vector of strings, list
            value = [item() for _ in range(integer())]
        elif kind in (10, 13):                           # logical, integer
            value = array("i", 4)
        elif kind == 14:                                 # double
            value = array("d", 8)
        else:
            raise ValueError(f"R type {kind} is not expected here")
        return (value, dict(item())) if attributes else (value, {})

    version = (integer(), integer(), integer())[0]
    if version == 3:                                     # the name of the encoding
        length = integer()
        at += length
    return item()


def main(folder):
    index, attributes = unserialize(gzip.decompress((folder / "Rdata.rdx").read_bytes()))
    places, names = dict(zip(attributes["names"][0], index))["variables"]
    (start, length), _ = dict(zip(names["names"][0], places))["prideprejudice"]
    store = (folder / "Rdata.rdb").read_bytes()
    lines, _ = unserialize(zlib.decompress(store[start + 4:start + length]))
    with open("pride-and-prejudice.txt.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode("utf-8"))


main(Path(sys.argv[1]))
