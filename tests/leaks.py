"""Looks for names, addresses, ids and secrets in everything that is shared, after undoing what hides them from grep."""

import base64
import binascii
import html
import io
import re
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
HEX = re.compile(r"[0-9A-Fa-f]+")
PNG = b"\x89PNG\r\n\x1a\n"
DEEP = 4  # a picture in a page in a workbook: no deeper


def leaks(paths: Iterable[Path], canaries: Iterable[str]) -> list[tuple[str, str]]:
    """(file, canary) for each canary that stands in a file, plain or inside base64, SVG, PNG text, gzip, xlsx or pptx."""
    wanted = {canary: _pattern(canary) for canary in canaries}
    found = []
    for path in paths:
        if not path.is_file():
            continue
        text = "\n".join(written(layer) for layer in layers(path.read_bytes()))
        found += [(path.name, canary) for canary, pattern in wanted.items() if pattern.search(text)]
    return found


def _pattern(canary: str) -> re.Pattern:
    """The canary anywhere; one of hexadecimal digits alone (an id) not inside a longer row of them: digests hold any id by chance."""
    folded = re.escape(canary.casefold())
    return re.compile(rf"(?<![0-9a-f]){folded}(?![0-9a-f])" if HEX.fullmatch(canary) else folded)


def written(layer: bytes) -> str:
    """The layer as text, with what HTML, URLs, JSON and spaces inside a number would hide."""
    text = layer.decode("utf-8", "replace") + "\n" + layer.decode("latin-1")
    plain = html.unescape(urllib.parse.unquote(text))
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return "\n".join((text, plain, unescaped, plain.replace("\u00a0", " "))).casefold()


def layers(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes themselves, and all that is packed into them."""
    yield content
    if depth == DEEP:
        return
    for inner in (*_zipped(content), *_png_texts(content), *_gzipped(content), *_encoded(content)):
        yield from layers(inner, depth + 1)


def _zipped(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK\x03\x04"):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _gzipped(content: bytes) -> list[bytes]:
    return [zlib.decompress(content, 31)] if content.startswith(b"\x1f\x8b") else []


def _png_texts(content: bytes) -> list[bytes]:
    """The text chunks of a PNG, compressed ones too."""
    if not content.startswith(PNG):
        return []
    texts, place = [], len(PNG)
    while place + 8 <= len(content):
        (size,), kind = struct.unpack(">I", content[place:place + 4]), content[place + 4:place + 8]
        data = content[place + 8:place + 8 + size]
        if kind in (b"tEXt", b"eXIf"):
            texts.append(data)
        elif kind in (b"zTXt", b"iTXt"):
            keyword, _null, rest = data.partition(b"\0")
            texts += [keyword, rest, *_inflated(rest)]
        place += 12 + size
    return texts


def _inflated(data: bytes) -> list[bytes]:
    for start in range(min(len(data), 16)):
        try:
            return [zlib.decompress(data[start:])]
        except zlib.error:
            continue
    return []


def _encoded(content: bytes) -> list[bytes]:
    decoded = []
    for match in BASE64.finditer(content):
        try:
            decoded.append(base64.b64decode(match[0] + b"=" * (-len(match[0]) % 4), validate=True))
        except binascii.Error:  # a long word, a digest or a path that only looks like base64
            continue
    return decoded
