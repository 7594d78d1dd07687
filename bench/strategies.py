"""Bodies of createSession drawn by our strategies, by schemathesis and by hypothesis-jsonschema, on the same schema.

python -m bench.strategies
"""

import argparse
import importlib.util
import time
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from bench.counting import API, RELEASE
from pytest_nac_qod import contracts, strategies

_ALONE = settings(
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
OPERATION = "createSession"
PREDICATES: dict[str, Callable[[Any], bool]] = {
    "a device by IPv6": lambda body: "ipv6Address" in body.get("device", {}),
    "longer than an hour": lambda body: body["duration"] > 3600,
    "a range of ports": lambda body: "ranges" in body.get("devicePorts", {}),
    "a secured sink": lambda body: "sinkCredential" in body,
    "a prefix of servers": lambda body: "/" in str(body["applicationServer"].get("ipv4Address", "")),
}


def generators() -> Iterator[tuple[str, SearchStrategy[Any]]]:
    """Each generator that is there, by its name."""
    yield "pytest-nac-qod", strategies.create_session_bodies(release=RELEASE)
    contract = contracts.contract(RELEASE, API)
    document: dict[str, Any] = dict(contract.document)
    operation = schemathesis.openapi.from_dict(document).find_operation_by_id(OPERATION)
    yield "schemathesis", operation.as_strategy().map(lambda case: case.body)
    if importlib.util.find_spec("hypothesis_jsonschema"):
        from hypothesis_jsonschema import from_schema  # noqa: PLC0415 - need not be installed

        pointer = contract.request_pointer(OPERATION)
        yield "hypothesis-jsonschema", from_schema({**document, "$ref": pointer})


def drawn(strategy: SearchStrategy[Any], count: int) -> tuple[float, float]:
    """Milliseconds of processor time for a body, and the share of bodies that differ from each other."""
    seen: list[str] = []

    @settings(_ALONE, max_examples=count)
    @given(strategy)
    def collect(body: object) -> None:
        seen.append(repr(body))

    begin = time.process_time()
    collect()
    return 1000 * (time.process_time() - begin) / max(1, len(seen)), len(set(seen)) / max(1, len(seen))


def searched(strategy: SearchStrategy[Any], predicate: Callable[[Any], bool]) -> str:
    """Seconds of processor time until the smallest body is there that has this; `none` where none was come by."""

    def has(body: object) -> bool:
        return isinstance(body, dict) and predicate(body)

    begin = time.process_time()
    try:
        find(strategy, has, settings=settings(_ALONE, max_examples=2000))
    except (NoSuchExample, Unsatisfiable, KeyError, TypeError):
        return "none"
    return f"{time.process_time() - begin:.2f} s"


def main() -> None:
    """Measure each, and print the ratios to ours last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=300, help="to draw of each (default 300)")
    count = parser.parse_args().bodies
    cost: dict[str, float] = {}
    for name, strategy in generators():
        try:
            drawn(strategy, 10)  # what is built once
        except AttributeError as error:  # hypothesis-jsonschema 0.23.1 uses internals that Hypothesis has no longer
            print(f"{name}: does not work with this version of Hypothesis: {error}")
            continue
        cost[name], different = drawn(strategy, count)
        print(f"{name}: {cost[name]:.1f} ms a body, {different:.0%} different from each other")
        for what, predicate in PREDICATES.items():
            print(f"  find {what}: {searched(strategy, predicate)}")
    ours = cost.pop("pytest-nac-qod")
    for name, milliseconds in cost.items():
        print(f"{name}: {milliseconds / ours:.1f} times ours")


if __name__ == "__main__":
    main()
