"""The fast validator goes first: it calls nothing valid that jsonschema refuses, and knows what jsonschema accepts."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.validation import quick
from pytest_nac_qod.contracts.validation.schema import Direction, translated
from pytest_nac_qod.foundation.jsontypes import Json

BASE = "urn:contract"
WORDS = ("", "x", "QOS_L", "QOS_L\n", "١٢٣", "\u2028", "\ud800", "\x00", "a" * 300, "AVAILABLE", "null", "0")
ADDRESSES = (
    "198.51.100.1",
    "198.51.100.300",
    "198.51.100.0/24",
    "198.51.100.0/240",
    "2001:db8::1",
    "fe80::1%eth0",
    "::",
)
TIMES = (
    "2026-11-27T10:00:00Z",
    "2026-11-27t10:00:00z",
    "2026-11-27T10:00:00",
    "2026-11-27T10:00:00Z\n",
    "2026-02-30T00:00:00Z",
)
TEXTS = ("3fa85f64-5717-4562-b3fc-2c963f66afa6", "3fa85f64-5717-4562-b3fc-2c963f66af_6", "https://a.example/x", "a b")
NUMBERS = (
    0,
    -1,
    1,
    600,
    65535,
    65536,
    2**31,
    2**31 - 1,
    -(2**31) - 1,
    2**63,
    10**30,
    0.0,
    1.5,
    600.0,
    float("inf"),
    float("nan"),
)
VALUES: tuple[Json, ...] = (
    *WORDS,
    *ADDRESSES,
    *TIMES,
    *TEXTS,
    *NUMBERS,
    None,
    True,
    False,
    [],
    {},
    [1, 1],
    {"a": None},
)


def example(contract: Contract, schema: Any, random: Random, depth: int = 0) -> Json:  # noqa: ANN401 - of the document
    """A value that often follows the schema."""
    schema = contract.resolved(schema["$ref"])[1] if "$ref" in schema else schema
    if "enum" in schema:
        return random.choice([*schema["enum"], "OTHER"])
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return example(contract, random.choice(schema[word]), random, depth)
    properties = dict(schema.get("properties", {}))
    merged: dict[str, Any] = {}
    for part in schema.get("allOf", []):
        drawn = example(contract, part, random, depth)
        merged |= drawn if isinstance(drawn, dict) else {}
    for name, inner in properties.items() if depth < 5 else ():
        if name in schema.get("required", []) or random.random() < 0.6:
            merged[name] = example(contract, inner, random, depth + 1)
    if properties or merged:
        return merged
    if schema.get("type") == "array":
        return [example(contract, schema["items"], random, depth + 1) for _ in range(random.choice((0, 1, 1, 2)))]
    return schema["example"] if "example" in schema and random.random() < 0.7 else random.choice(VALUES)


def spoiled(value: Json, random: Random) -> Json:
    """A copy in which one thing may be another."""
    value = deepcopy(value)
    inner = value
    while isinstance(inner, dict | list) and inner:
        key = random.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        if random.random() < 0.5 or not isinstance(inner[key], dict | list):
            if isinstance(inner, dict) and random.random() < 0.3:
                del inner[key]
            else:
                inner[key] = random.choice(VALUES)
            return value
        inner = inner[key]
    return random.choice(VALUES)


def schemas() -> Iterator[tuple[Contract, str, Direction]]:
    """Each schema of each document, as it is used."""
    for release in contracts.RELEASES:
        for api in contracts.apis(release):
            contract = contracts.contract(release, api)
            for name in contract.document["components"]["schemas"]:
                for direction in ("request", "response"):
                    yield contract, f"#/components/schemas/{name}", direction


def disagreements(rounds: int) -> tuple[int, int, list[tuple[str, str, Json]]]:
    """How many instances were valid, how many not, and where the two differ."""
    valid, invalid, wrong = 0, 0, []
    for number, (contract, pointer, direction) in enumerate(schemas()):
        random = Random(number)  # noqa: S311 - no secret
        fast = quick.validator(translated(contract.document, direction, pattern=str), BASE, pointer)
        assert fast is not None
        judge = contract._validator(pointer, direction)  # noqa: SLF001 - the judge of record, by itself
        for turn in range(rounds):
            instance = example(contract, {"$ref": pointer}, random)
            instance = spoiled(instance, random) if turn % 2 else instance
            holds = judge.is_valid(instance)
            valid, invalid = valid + holds, invalid + (not holds)
            if fast(instance) != holds and (not holds or quick._is_plain(instance)):  # noqa: SLF001 - what is left to the judge
                wrong.append((contract.document["info"]["title"], pointer, instance))
    return valid, invalid, wrong


def test_the_two_agree() -> None:
    valid, invalid, wrong = disagreements(6)
    assert wrong == []
    assert min(valid, invalid) > 300


@pytest.mark.slow
def test_the_two_agree_on_twenty_thousand() -> None:
    valid, invalid, wrong = disagreements(100)
    assert wrong == []
    assert valid + invalid >= 20_000


def test_what_the_two_mean_differently_is_left_to_jsonschema() -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    pointer = "#/components/schemas/ExtendSessionDuration"
    assert contract.validate({"requestedAdditionalDuration": 600.0}, pointer, direction="request") != []
    assert contract.validate({"requestedAdditionalDuration": 600}, pointer, direction="request") == []


def test_without_the_fast_one_jsonschema_judges_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_library", lambda: None)
    assert quick.validator({}, BASE, "#") is None
