"""The server counts text in UTF-16 code units, Python in code points."""

from __future__ import annotations


def units(text: str) -> int:
    """How long the server says that ``text`` is."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_first(text: str, count: int) -> str:
    """``text`` without its first ``count`` units."""
    if count == 0 or text.isascii():
        return text[count:]
    return text.encode("utf-16-le", "surrogatepass")[2 * count:].decode("utf-16-le", "surrogatepass")


def joined(first: str, second: str) -> str:
    """Both, and where a character was cut in two between them, the whole of it."""
    if first and "\ud800" <= first[-1] <= "\udbff" and second and "\udc00" <= second[0] <= "\udfff":
        whole = (first[-1] + second[0]).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        return first[:-1] + whole + second[1:]
    return first + second
