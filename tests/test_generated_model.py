"""The model of sessions' lives: on its own, and apart from the server that it is compared with."""

import ast
from pathlib import Path

import pytest

from pytest_nac_qod import generated
from pytest_nac_qod.generated.model import RETENTION, THREE_LEGGED, Flow, Model

FLOW = Flow("default", None)
MODULES = sorted(Path(generated.__path__[0]).glob("*.py"))


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{name.name}" for name in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_generated_tests_share_no_code_with_the_reference_server(path: Path) -> None:
    assert not [name for name in imports(path) if "reference" in name]


def test_model_imports_nothing_of_this_project() -> None:
    (model,) = [path for path in MODULES if path.stem == "model"]
    assert not [name for name in imports(model) if name.startswith("pytest_nac_qod")]


def test_same_flow_conflicts_until_the_session_is_gone() -> None:
    model = Model(86400, flows=True)
    session = model.create("two_legged", "default", FLOW, 600)
    assert model.conflict("two_legged", "default", Flow("default", 443)) is True
    assert model.conflict("two_legged", "default", Flow("disjoint", 443)) is False
    assert model.conflict("two_legged", "second", FLOW) is False
    assert model.conflict("second_client", "default", FLOW) is None
    model.delete(session)
    assert model.conflict("two_legged", "default", FLOW) is False
    assert session.told == [("AVAILABLE", ""), ("UNAVAILABLE", "DELETE_REQUESTED")]


def test_ports_overlap_when_equal_or_open() -> None:
    assert Flow("default", 443).overlaps(Flow("default", 443))
    assert Flow("default", None).overlaps(Flow("default", 443))
    assert not Flow("default", 443).overlaps(Flow("default", 8443))


def test_time_never_stops_just_at_an_end() -> None:
    model = Model(86400)
    session = model.create("two_legged", "default", FLOW, 60)
    assert model.advance(58) == 68
    assert (session.status, session.info, session.ended) == ("UNAVAILABLE", "DURATION_EXPIRED", 60)
    assert session.readable(model.now) is None
    assert model.conflict("two_legged", "default", FLOW) is False


def test_another_flow_may_conflict_where_the_texts_disagree() -> None:
    model = Model(86400)
    model.create("two_legged", "default", FLOW, 600)
    assert model.conflict("two_legged", "default", Flow("disjoint", 443)) is None
    assert model.conflict("two_legged", "second", Flow("disjoint", 443)) is False


def test_what_the_network_ended_is_kept_for_a_while() -> None:
    model = Model(86400)
    session = model.create("two_legged", "default", FLOW, 600)
    model.terminate(session)
    assert session.readable(model.now) is True
    assert model.conflict("two_legged", "default", FLOW) is True
    model.advance(RETENTION)
    assert session.readable(model.now) is None
    assert model.conflict("two_legged", "default", FLOW) is None


@pytest.mark.parametrize(("longest", "duration"), [(86400, 86400), (None, 86460), (600, 3600)])
def test_extension_is_capped_and_never_shortens(longest: int | None, duration: int) -> None:
    model = Model(longest)
    session = model.create("two_legged", "default", FLOW, 3600)
    assert model.extended(session, 82860) == duration


def test_who_may_use_a_session() -> None:
    model = Model(None)
    own = model.create("two_legged", "default", FLOW, 60)
    device = model.create(THREE_LEGGED, THREE_LEGGED, FLOW, 60)
    assert [own.usable(role) for role in ("two_legged", "second_client", THREE_LEGGED)] == [True, False, False]
    assert [device.usable(role) for role in ("two_legged", "second_client", THREE_LEGGED)] == [None, False, True]
