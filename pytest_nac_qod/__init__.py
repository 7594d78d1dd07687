"""Conformance suite and pytest plugin for CAMARA Quality-on-Demand APIs."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """The version, which takes long to look up, when it is asked for."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("pytest-nac-qod")
        except PackageNotFoundError:  # run from a checkout that is not installed
            return "0.0.0"
