"""Thrift's compact protocol, in which Parquet writes its footer and page headers.

In Python on purpose: readers in C++ and Rust end the whole process over some damaged ones.
Format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Mapping
from typing import TypeAlias, TypeGuard

#: What a field holds; a struct is its fields by number, and a map is left out as None.
Value: TypeAlias = "int | bytes | list[Value] | dict[int, Value] | None"
Struct: TypeAlias = Mapping[int, Value]

#: Types of fields that are their own value.
_TRUE, _FALSE = 1, 2
_DOUBLE_SIZE = 8

#: Structs within structs; Parquet's go five deep.
_DEEPEST = 16
#: Bytes of the longest number, seven bits each.
_LONGEST = 10


class MalformedError(ValueError):
    """The bytes are no struct, or end within it."""


def is_struct(value: Value) -> TypeGuard[Struct]:
    """Whether the value is a struct itself."""
    return isinstance(value, dict)


def struct(content: bytes, start: int = 0) -> tuple[Struct, int]:
    """The struct that starts there, and where it ends.

    Raises:
        MalformedError: There is none, or it goes beyond the content.
    """
    reader = _Reader(content, start)
    try:
        return reader.struct(0), reader.at
    except IndexError as error:
        raise MalformedError("it ends within a structure") from error


class _Reader:
    """A place in the content; every read moves it on, at least by a byte."""

    __slots__ = ("at", "content")

    def __init__(self, content: bytes, at: int) -> None:
        self.content = content
        self.at = at

    def struct(self, depth: int) -> dict[int, Value]:
        fields: dict[int, Value] = {}
        number = 0
        if depth > _DEEPEST:
            raise MalformedError("its structures are too deep")
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            kind = head & 0x0F
            if kind in {_TRUE, _FALSE}:
                fields[number] = int(kind == _TRUE)
            else:
                fields[number] = self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Value:
        match kind:
            case 4 | 5 | 6:
                value = self._signed()
            case 8:
                value = self._bytes(self._unsigned())
            case 12:
                value = self.struct(depth + 1)
            case 9 | 10:
                value = self._list(depth)
            case 1 | 2 | 3:
                value = self._byte()
            case 7:
                value = self._bytes(_DOUBLE_SIZE)
            case 11:
                value = self._map(depth)
            case _:
                raise MalformedError("it holds a value of no known type")
        return value

    def _list(self, depth: int) -> list[Value]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 0x0F else self._unsigned()
        if size > len(self.content) - self.at:
            raise MalformedError("a list is longer than what holds it")
        kind = head & 0x0F
        return [self._value(kind, depth + 1) for _ in range(size)]

    def _map(self, depth: int) -> None:
        if size := self._unsigned():
            kinds = self._byte()
            for _ in range(size):
                self._value(kinds >> 4, depth + 1)
                self._value(kinds & 0x0F, depth + 1)

    def _byte(self) -> int:
        value = self.content[self.at]
        self.at += 1
        return value

    def _bytes(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.content):
            raise MalformedError("a text is longer than what holds it")
        value = self.content[self.at : end]
        self.at = end
        return value

    def _unsigned(self) -> int:
        value = 0
        for shift in range(0, 7 * _LONGEST, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise MalformedError("a number is too long")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
