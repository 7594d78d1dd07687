"""How much a run generates and how fast it sends; stdlib only."""

import re
from dataclasses import dataclass

from pytest_nac_qod.foundation.problems import UnusableError

EXAMPLES = 50
_SECONDS = {"s": 1, "sec": 1, "min": 60, "h": 3600}
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|sec|min|h)")


class EffortError(UnusableError):
    """An option that is no number or no rate; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What is generated.

    Attributes:
        max_examples: for each generated rule; 0 for none of those rules.
        seed: where generation starts; None for always the same examples.
        jobs: cases that send requests at a time; None where the pool of devices decides.
    """

    max_examples: int = EXAMPLES
    seed: int | None = None
    jobs: int | None = None

    @classmethod
    def parse(cls, max_examples: str | None, seed: str | None, jobs: str | None = None) -> "Effort":
        """The effort that the options ask for.

        Raises:
            EffortError: one of them is no whole number from 0 on, or `jobs` is 0.
        """
        examples = _number("max-examples", max_examples)
        return cls(EXAMPLES if examples is None else examples, _number("seed", seed), _jobs(jobs))


def requests_a_second(text: str | None) -> float | None:
    """The rate that `10/s`, `600/min` or `1000/h` stands for; None for None.

    Raises:
        EffortError: it is none of these, or nothing at all could be sent.
    """
    if text is None:
        return None
    match = _RATE.fullmatch(text.strip())
    if match is None or not float(match[1]):
        raise EffortError(f"--qod-rate: expected a request rate such as 10/s, 600/min or 1000/h, got {text!r}")
    return float(match[1]) / _SECONDS[match[2]]


def _jobs(text: str | None) -> int | None:
    number = _number("jobs", text)
    if number == 0:
        raise EffortError("--qod-jobs: expected a whole number, 1 or more, got '0'")
    return number


def request_budget(text: str | None) -> int | None:
    """How many requests a run may send; None where nobody said.

    Raises:
        EffortError: it is no whole number.
    """
    return _number("budget", text)


def _number(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,18}", text):
        raise EffortError(f"--qod-{option}: expected a whole number, 0 or more, got {text!r}")
    return int(text)
