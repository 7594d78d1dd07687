"""The NaC SDK that is installed beside the plugin: which it is, whether it can be, and driving it in this process."""

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.sdk.adapters.python_adapter import Adapter
from pytest_nac_qod.sdk.environments import PACKAGE
from pytest_nac_qod.sdk.problems import SdkError

OLDEST = (5, 2, 1)


def installed_version() -> tuple[int, ...]:
    """The version of the SDK in this environment.

    Raises:
        SdkError: there is none, or one that cannot share an environment with the plugin.
    """
    try:
        text = version(PACKAGE)
    except PackageNotFoundError:
        raise SdkError(f"{PACKAGE} is not installed; run: pip install 'pytest-nac-qod[nac]'") from None
    found = tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
    if found < OLDEST:
        pin = "httpx <0.25" if found < (5,) else "httpx <0.28"
        raise SdkError(
            f"{PACKAGE} {text} pins {pin}, so it cannot share an environment with this plugin; install 5.2.1 or later, "
            f"or test {text} in an environment of its own: nac-qod client --sdk {text}"
        )
    return found


@dataclass(slots=True)
class InstalledSdk:
    """A driver for the SDK in this environment; answers as the program in python_adapter.py does."""

    _adapter: Adapter = field(default_factory=Adapter)

    def ask(self, request: JsonObject) -> JsonObject:
        """The answer to one request."""
        return self._adapter.ask(request)
