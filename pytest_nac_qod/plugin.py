"""pytest hooks; imports stdlib and pytest only, the rest when a conformance test is there."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.fixtures import (
    nac_client,
    nac_device,
    nac_shim,
    qod_client,
    qod_device,
    qod_devices,
    qod_profiles,
    qod_reference,
    qod_server,
    qod_sink,
    qod_target,
    qod_watch,
)
from pytest_nac_qod.foundation import outputs
from pytest_nac_qod.run import settings
from pytest_nac_qod.run.recorder import PURPOSE, Recorder

__all__ = [
    "nac_client",
    "nac_device",
    "nac_shim",
    "qod_client",
    "qod_device",
    "qod_devices",
    "qod_profiles",
    "qod_reference",
    "qod_server",
    "qod_sink",
    "qod_target",
    "qod_watch",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    settings.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; when the options speak of a target or contract, load it now so that errors come first."""
    config.addinivalue_line("markers", f"{PURPOSE}(key): a conformance test; runs for each case of this purpose")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config), "qod_recorder")
    options = settings.read_settings(config)
    if options.fail_fast:
        config.option.maxfail = 1
    if not (hasattr(config, "workerinput") or options.list or options.dry_run):
        _check_outputs(config, options)
    if options.steer():
        from pytest_nac_qod.run import plan

        target = plan.plan_for(config).target
        workers = config.getoption("numprocesses", None)
        if target is not None and isinstance(workers, int) and workers > 1:
            from pytest_nac_qod.jobs.dealt import too_few

            if said := too_few(target, workers):
                raise pytest.UsageError(said)


def _check_outputs(config: pytest.Config, options: settings.Settings) -> None:
    """Find out before the target is contacted whether report and ledger can be written."""
    option, folder = ("--qod-report", options.report) if options.report else ("ledger", Path())
    if options.report or options.target or options.url:
        try:
            outputs.check_folder(option, folder)
        except outputs.OutputError as error:
            hint = "" if options.report else ", by --qod-report"
            raise pytest.UsageError(settings.as_typed(f"{error}{hint}", config)) from None


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Instead of a run, print what it would be about, when asked to."""
    asked = {
        name for name in ("list", "basis", "dry_run") if config.getoption(f"qod_{name}") or config.getini(f"qod_{name}")
    }
    if not asked:
        return None
    from pytest_nac_qod.report.terminal import basis_table, listing
    from pytest_nac_qod.run import plan

    chosen = plan.plan_for(config)
    table = basis_table.lines(chosen.cases, chosen.release) if "basis" in asked else listing.lines(chosen.cases)
    if "dry_run" in asked:
        from pytest_nac_qod.proof.rehearsal import rehearse

        table = rehearse(chosen)
    for line in table:
        print(line, flush=True)  # noqa: T201 - the option's purpose
    return 0


def _is_conformance(item: pytest.Item) -> bool:
    return item.get_closest_marker(PURPOSE) is not None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case of the purpose that the function is marked with."""
    marker = metafunc.definition.get_closest_marker(PURPOSE)
    if marker is not None:
        from pytest_nac_qod.run import collecting

        collecting.parametrize(metafunc, marker.args[0])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Leave out conformance tests whose purpose has no row in this release and these APIs, and keep their order."""
    if not any(_is_conformance(item) for item in items):
        return (yield)
    from pytest_nac_qod.run import collecting

    collecting.deselect_empty(config, items)
    ordered = [item for item in items if _is_conformance(item)]
    yield
    collecting.put_in_order(items, ordered)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_internalerror(excrepr: Any) -> None:  # noqa: ANN401 - pytest's own
    """Have pytest print no secret of an error in itself or a plugin."""
    from pytest_nac_qod.report.terminal.last_resort import safe

    text = safe(str(excrepr))
    excrepr.toterminal = lambda writer: writer.line(text)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """End a conformance test with what its case has found."""
    if _is_conformance(pyfuncitem):
        from pytest_nac_qod.run import concluding

        concluding.check_needs(pyfuncitem)
        done = yield
        concluding.finish(pyfuncitem)
        return done
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the end of a conformance test into its verdict."""
    report = yield
    if _is_conformance(item):
        from pytest_nac_qod.run import concluding

        concluding.conclude(item, call, report)
    return report
