"""Conformance suite and pytest plugin for CAMARA Quality-on-Demand APIs."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_nac_qod.traffic import judge as judge

    __version__: str
else:

    def __getattr__(name: str) -> object:
        """What takes long to look up or to import, when it is asked for: the version, and the judge of traffic."""
        if name == "judge":
            from importlib import import_module

            return import_module("pytest_nac_qod.traffic").judge
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("pytest-nac-qod")
        except PackageNotFoundError:  # run from a checkout that is not installed
            return "0.0.0"
