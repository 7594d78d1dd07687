"""Broad causes in who and what is let through: routes that are not there, tokens refused or never checked."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Final

from pytest_nac_qod.report.causes.evidence import AnswerRecord, Breach, Evidence, answers_of
from pytest_nac_qod.report.causes.model import slug
from pytest_nac_qod.report.causes.suspects import Suspect

_UNSERVED: Final = frozenset({404, 405, 501})
_NEARLY_ALL: Final = 0.9  # share of its answers
_SEVERAL_ANSWERS: Final = 5
_UNHEEDED: Final = 3  # requirements of tokens that nobody heeds
_FOREIGN: Final = frozenset({401, 403, 404})  # how what belongs to somebody else may be refused
_REFUSED: Final = frozenset({401, 403})


def operation_not_served(evidence: Evidence) -> Iterator[Suspect]:
    """Every request of an operation is answered as if the route were not there."""
    for operation, answers in evidence.by_operation.items():
        absent = [answer for answer in answers if answer.status in _UNSERVED and not _is_documented(answer)]
        statuses = {answer.status for answer in absent}
        if len(absent) >= max(2, _NEARLY_ALL * len(answers)):
            said = " and ".join(map(str, sorted(statuses)))
            yield Suspect(
                id=slug("not-served", operation),
                title=f"{operation} is not served: every request is answered {said}",
                explains=partial(_is_of, operation),
            )


def _is_of(operation: str, breach: Breach) -> bool:
    stopped = breach.case["reason"].startswith(f"{operation} is not served")
    return stopped or operation in (breach.operation, breach.case["operation"])


def _is_documented(answer: AnswerRecord) -> bool:
    """Whether a 404 may be about what was asked for, since it has a code of its own."""
    return answer.status == 404 and bool(answer.code)


def everybody_refused(evidence: Evidence) -> Iterator[Suspect]:
    """No request succeeds, whatever token it has."""
    sent = [answer for answer in evidence.answers if answer.token]
    refused = [answer.status for answer in sent if answer.status in _REFUSED]
    served = any(answer.status < 300 for answer in evidence.answers)
    if not served and len(refused) >= max(_SEVERAL_ANSWERS, _NEARLY_ALL * len(sent)):
        said = " or ".join(map(str, sorted(set(refused))))
        yield Suspect(id="everybody-refused", title=f"Every token is refused ({said})", explains=_is_refused)


def _is_refused(breach: Breach) -> bool:
    """Whether it comes of the refusal, and not of how it is told."""
    told = breach.violation is None or (breach.is_outcome and breach.status not in breach.wanted)
    return told and breach.status in (*_REFUSED, 0)


def role_refused(evidence: Evidence) -> Iterator[Suspect]:
    """The token of one role is refused wherever it is used."""
    roles: dict[str, list[AnswerRecord]] = defaultdict(list)
    for answer in evidence.answers:
        if answer.token:
            roles[answer.token].append(answer)
    welcome = {
        breach.answer.token
        for breach in evidence.breaches
        if breach.answer and breach.status in _REFUSED
        if breach.violation is None or any(status < 300 for status in breach.wanted)
    }
    for role, answers in roles.items():
        statuses = {answer.status for answer in answers}
        if role in welcome and len(answers) >= 2 and statuses <= _REFUSED:
            said = " or ".join(map(str, sorted(statuses)))
            yield Suspect(
                id=slug("token-refused", role),
                title=f"The token of the role {role} is refused everywhere ({said})",
                explains=partial(_has_token, role),
            )


def _has_token(role: str, breach: Breach) -> bool:
    return bool(breach.answer and breach.answer.token == role)


def tokens_unchecked(evidence: Evidence) -> Iterator[Suspect]:
    """Requests without a token, or with several kinds of wrong ones, succeed in several operations."""
    wrong = [
        breach
        for breach in evidence.breaches
        if breach.is_outcome and breach.wanted <= _REFUSED and breach.answer and breach.status < 300
    ]
    bare = {breach.operation for breach in wrong if breach.answer and not breach.answer.token}
    kinds = {breach.requirement for breach in wrong}
    if len(bare) >= 2 or (len(kinds) >= _UNHEEDED and len({breach.operation for breach in wrong}) >= 2):
        yield Suspect(
            id="tokens-unchecked",
            title="Access tokens are not checked",
            explains=partial(
                _needs_token, evidence.usual_token(), {breach.answer.token for breach in wrong if breach.answer}
            ),
        )


def _needs_token(usual: str, let_in: set[str], breach: Breach) -> bool:
    answer = breach.answer
    if answer is None:
        return False
    if breach.is_outcome and bool(breach.wanted & _REFUSED):
        return breach.status not in _REFUSED
    odd = answer.token in let_in - {usual, ""} and breach.status < 300
    return odd or (_is_gone(breach) and _tokens_of(breach) - {usual, ""} != set())


def _is_gone(breach: Breach) -> bool:
    """Whether what should be there is not found any more."""
    return breach.is_outcome and breach.status == 404 and any(status < 300 for status in breach.wanted)


def _tokens_of(breach: Breach) -> set[str]:
    """What the requests of its case that succeeded were sent with."""
    return {answer.token for answer in answers_of(breach.position, breach.case["exchanges"]) if answer.status < 300}


def role_let_in(evidence: Evidence) -> Iterator[Suspect]:
    """What belongs to one client can be used with the token of another one."""
    told: dict[str, str] = {}
    for breach in evidence.breaches:
        if breach.answer and breach.answer.token and _is_let_in(breach.answer.token, breach):
            told.setdefault(breach.answer.token, breach.requirement)
    for role, requirement in told.items():
        yield Suspect(id=slug("let-in", role), title=requirement, explains=partial(_is_through, role))


def _is_let_in(role: str, breach: Breach) -> bool:
    used = breach.answer is not None and breach.answer.token == role and breach.status < 300
    return used and breach.is_outcome and 403 in breach.wanted <= _FOREIGN  # what is wrong in itself is another matter


def _is_through(role: str, breach: Breach) -> bool:
    return _is_let_in(role, breach) or (_is_gone(breach) and role in _tokens_of(breach))
