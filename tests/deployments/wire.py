"""What the independent server is asked, and what it answers."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.deployments.world import Grant


class Refused(Exception):  # noqa: N818 - a refusal is an answer
    """An error answer: status, code by r3.2's name, and a message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request; `operation` is method and path without ids, as `DELETE /sessions/{id}`."""

    operation: str
    raw: bytes
    headers: dict[str, str]
    id: str = ""
    grant: Grant = field(default_factory=lambda: Grant(""))

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        """The body, parsed; None for one that is none."""
        try:
            return json.loads(self.raw)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; a body that is text is sent as it is, None is none."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def error(status: int, code: str, message: str) -> Answer:
    """An answer with an error object."""
    return Answer(status=status, body={"status": status, "code": code, "message": message})
