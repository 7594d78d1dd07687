"""One cause for each thing that is wrong with a client, however many cases fail because of it; pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_nac_qod.sdk.running import CaseResult
from pytest_nac_qod.sdk.symptoms import is_general

_Place = tuple[int, int]  # positions of a result, and of a finding there


@dataclass(frozen=True, slots=True)
class ClientCause:
    """One thing that is wrong.

    Attributes:
        title: in a few words.
        findings: position of a result, and of a finding there, for each finding that it explains.
    """

    title: str
    findings: tuple[tuple[int, int], ...]

    @property
    def cases(self) -> tuple[int, ...]:
        """Positions of the results, in order."""
        return tuple(dict.fromkeys(position for position, _ in self.findings))


def causes(results: Sequence[CaseResult], verdicts: Sequence[str] = ("fail",)) -> list[ClientCause]:
    """The fewest defects that explain all findings of cases with these verdicts, the broadest first."""
    left = {
        (position, number): finding.because or (result.case.requires,)
        for position, result in enumerate(results)
        for number, finding in enumerate(result.findings)
        if result.verdict in verdicts
    }
    told = []
    while left:
        explained: dict[str, list[_Place]] = defaultdict(list)
        for place, because in left.items():
            for symptom in [item for item in because if not is_general(item)] or because:
                explained[symptom].append(place)
        title, places = max(explained.items(), key=lambda item: (len({case for case, _ in item[1]}), len(item[1])))
        places += _joining(left, places)
        told.append(ClientCause(title, tuple(sorted(places))))
        for place in places:
            del left[place]
    return sorted(told, key=lambda cause: -len(cause.cases))


def _joining(left: Mapping[_Place, Sequence[str]], places: Sequence[_Place]) -> list[_Place]:
    """Findings that no symptom of their own explains, but one that most findings of the cause have as well."""
    general = Counter(symptom for place in places for symptom in left[place] if is_general(symptom))
    usual = {symptom for symptom, count in general.items() if 2 * count > len(places)}
    return [
        place
        for place, because in left.items()
        if place not in places and all(map(is_general, because)) and usual & set(because)
    ]
