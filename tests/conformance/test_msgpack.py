"""A client's msgpack against Python's: every boundary of its sizes, and what is broken or hostile."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Callable
from typing import Any

import msgpack
import pytest

LIMIT_S = 60
EDGES = (0, 1, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53)
SIZES = (0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536)

Recode = Callable[[list[bytes]], list[str]]


@pytest.fixture(scope="session")
def recode(client_program: list[str]) -> Recode:
    def run(values: list[bytes]) -> list[str]:
        text = "".join(value.hex() + "\n" for value in values)
        done = subprocess.run(
            [*client_program, "recode"], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        answers = done.stdout.split("\n")[:-1]
        assert len(answers) == len(values)
        return answers

    return run


def expect_same(recode: Recode, values: list[Any]) -> None:
    packed = [msgpack.packb(value) for value in values]
    for value, wanted, got in zip(values, packed, recode(packed), strict=True):
        assert got == wanted.hex(), repr(value)[:100]


def test_integers_at_every_edge(recode: Recode) -> None:
    edges = [
        *EDGES,
        2**63 - 1,
        2**63,
        2**64 - 1,
        *(-edge for edge in EDGES),
        -33,
        -129,
        -32_769,
        -(2**31) - 1,
        -(2**63),
    ]
    expect_same(recode, edges)


def test_texts_bytes_and_containers_at_every_size(recode: Recode) -> None:
    expect_same(recode, [make(size) for size in SIZES for make in (lambda n: "x" * n, bytes)])
    expect_same(recode, [["é" * 40, "日本", "😀", ""]])
    expect_same(recode, [[None] * size for size in SIZES])
    expect_same(recode, [{f"{number:x}": number for number in range(size)} for size in SIZES])


def test_floats_flags_and_nil(recode: Recode) -> None:
    values = [0.0, -0.0, 1.5, -1e308, 5e-324, float("inf"), float("-inf"), 0.1, True, False, None]
    expect_same(recode, values)
    singles = [struct.pack(">Bf", 0xCA, value) for value in (0.1, -3.5, 1e38)]
    assert recode(singles) == [msgpack.packb(msgpack.unpackb(single)).hex() for single in singles]


def test_longer_forms_than_needed_become_short(recode: Recode) -> None:
    long_forms = [
        b"\xcf" + bytes(7) + b"\x05",
        b"\xd3" + b"\xff" * 8,
        b"\xd2\x00\x00\x00\x80",
        b"\xdb\x00\x00\x00\x01a",
        b"\xdd\x00\x00\x00\x01\xc0",
        b"\xdf\x00\x00\x00\x01\xa1a\xc0",
        b"\xc6\x00\x00\x00\x01z",
    ]
    assert recode(long_forms) == [msgpack.packb(msgpack.unpackb(form)).hex() for form in long_forms]


def test_extensions(recode: Recode) -> None:
    expect_same(recode, [msgpack.ExtType(5, bytes(size)) for size in (0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65_536)])
    expect_same(recode, [msgpack.Timestamp(1, 0), msgpack.Timestamp(2**33, 5), msgpack.Timestamp(2**40, 5)])


def readable(data: bytes) -> bool:
    try:
        msgpack.unpackb(data)
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException):
        return False
    return True


def test_what_python_refuses_is_bad_and_nothing_hangs(recode: Recode) -> None:
    hostile = [
        b"",
        b"\xc1",
        b"\xc0\xc0",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdf\x80\x00\x00\x00",
        b"\xc6\xff\xff\xff\xff",
        b"\xdb\x7f\xff\xff\xffabc",
        b"\xc9\xff\xff\xff\xff\x01",
        b"\xa2\xc3",
        b"\xa1\xff",
        b"\xa2\xc0\xaf",
        b"\xa3\xed\xa0\x80",
        b"\xa4\xf4\x90\x80\x80",
        b"\x81\x01\x02",
        b"\x81\xc0\xc0",
        b"\x81\x91\x01\x01",
        b"\x81\xa1a",
        b"\xd5\xff\x00\x00",
        b"\xd4\xfd\x00",
        b"\x91" * 1025 + b"\xc0",
        b"\x81\xa1a" * 1025 + b"\xc0",
        b"\x91" * 100_000,
    ]
    assert not any(map(readable, hostile))
    assert set(recode(hostile)) == {"bad"}
    deep = [b"\x91" * 1024 + b"\xc0", b"\x81\xa1a" * 1000 + b"\xc0", b"\x81\xc4\x01a\x02"]
    assert recode(deep) == [data.hex() for data in deep]


def test_every_truncation_and_many_mutations(recode: Recode) -> None:
    value = {"a": [1, -1, 300, 70_000, 2**40, 0.5], "text": "é" * 40, "bin": bytes(300), "m": {"x": None, "y": [True]}}
    whole = msgpack.packb(value)
    cut = [whole[:length] for length in range(len(whole))]
    assert set(recode(cut)) == {"bad"}
    draw = random.Random(7)
    mutated = []
    for _ in range(3000):
        data = bytearray(whole[: draw.randrange(60, 120)] if draw.random() < 0.3 else whole)
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(min(120, len(data)))] = draw.randrange(256)
        mutated.append(bytes(data))
    bad = [answer == "bad" for answer in recode(mutated)]
    assert 100 < sum(bad) < 2900, "the mutations should be of both kinds"
    assert bad == [not readable(data) for data in mutated]
