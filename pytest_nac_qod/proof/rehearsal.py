"""A run rehearsed: the embedded server stands in for the target, and what the run sends is told instead of sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace

import httpx

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.proof.bench import tests
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.guises import in_guise
from pytest_nac_qod.reference.world import world
from pytest_nac_qod.report import curl
from pytest_nac_qod.run.connecting import connected, reachable, receiver
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.plan import Plan
from pytest_nac_qod.run.probing import free_pool, probe, require_free
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.target import Polling, Target
from pytest_nac_qod.target.hooks import Hook
from pytest_nac_qod.target.hooks import run as call_hook
from pytest_nac_qod.target.tokens import ClientCredentials, StaticToken
from pytest_nac_qod.verdicts import CaseEnd
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import captured_request, captured_response
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Sink

_LOOK = 0.01  # seconds between looks of the rehearsal
_LEAST, _MOST = 0.5, 1.5  # seconds in all
_AGAIN = "# the same again while it waits"


@dataclass(slots=True)
class _Prompter:
    """Turns requests for the target to the server that stands in for it, and keeps what they are as curl lines.

    Attributes:
        ways: for each base URL of the target, that of the server.
        hooks: for each hook of the server, by its address, that of the target.
        sent: requests in all.
        lines: of what was asked since somebody took them.
        ids: name of the variable for each id that an answer gave, since the case began.
    """

    redactor: Redactor
    ways: Mapping[str, str]
    hooks: Mapping[str, Hook]
    sent: int = 0
    lines: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def attach(self, http: httpx.Client) -> None:
        """See each request and answer of a client."""
        http.event_hooks = {"request": [self._turn], "response": [self._see]}

    def take(self) -> Iterator[str]:
        """The lines since the last time, those that follow one of their own kind as one."""
        lines, self.lines = self.lines, []
        self.ids.clear()
        for number, line in enumerate(lines):
            if number and line == lines[number - 1]:
                if number == 1 or line != lines[number - 2]:
                    yield _AGAIN
            else:
                self.sent += not line.startswith("#")
                yield line

    def _turn(self, request: httpx.Request) -> None:
        asked = str(request.url)
        if hook := self.hooks.get(asked):
            self.lines.append(self._hooked(hook, request))
        for base, way in self.ways.items():
            if asked.startswith(base):
                request.extensions["asked"] = asked
                request.url = httpx.URL(way + asked.removeprefix(base))
                self.lines.append(self._line(self._shown(request, asked)))

    def _see(self, response: httpx.Response) -> None:
        request = response.request
        asked = request.extensions.get("asked")
        if not asked:
            return
        response.read()
        request.url = httpx.URL(asked)
        shown = self._shown(request, asked) | {"response": asdict(captured_response(response, self.redactor))}
        name, key = curl.created(shown) or ("", "")
        if key and key not in self.ids:
            several = f"_{len(self.ids) + 1}" if self.ids else ""
            variable = f"{name.removesuffix('Id').upper()}_ID{several}"
            self.lines[-1] = self._line(shown, name, variable)
            self.ids[key] = variable

    def _hooked(self, hook: Hook, request: httpx.Request) -> str:
        """A hook as it would be called; the words of a command may be secrets."""
        if hook.url is None:
            return f"# hooks.{hook.name} runs {hook.command[0]}"
        return self._line(self._shown(request, hook.url))

    def _shown(self, request: httpx.Request, asked: str) -> JsonObject:
        return {"request": asdict(captured_request(request, self.redactor)) | {"url": self.redactor.text(asked)}}

    def _line(self, shown: JsonObject, name: str = "", variable: str = "") -> str:
        line = curl.line(shown)
        for key, known in self.ids.items():
            line = line.replace(key, f"${known}")
        return curl.keeping(line, variable, name) if variable else line


def rehearse(plan: Plan) -> Iterator[str]:
    """What a run would send, a curl line each, by case; nothing reaches the target.

    What is asked depends on what is answered: these are the requests to a target that answers as published.

    Raises:
        UnusableError: the requests before the first case show something that keeps the run from beginning.
    """
    with ReferenceServer(release=plan.release) as own:
        target = plan.target or own.target(embedded=False)
        own.disguise(in_guise(world(plan.release), own.target(), target))
        redactor = plan.redactor
        redactor.register_all(target.secrets())
        yield from _tokens(target, redactor)
        with _run(plan, own, target) as (run, prompter):
            apis = dict.fromkeys(case.row.api for case in plan.cases)
            probe(run, apis)
            require_free(run, apis)
            pool = free_pool(run, apis)
            yield "# before the first case: is anybody there, and is anything in the way?"
            yield from prompter.take()
            whole = replace(run, target=replace(run.target, pool=pool))
            for row_case in plan.left():
                yield from _rehearsed(whole, prompter, target, row_case)
            yield f"# {prompter.sent} requests, of which none was sent; what the target answers may lead to others"


def _tokens(target: Target, redactor: Redactor) -> Iterator[str]:
    """What obtains the tokens that are not given."""
    for role, source in target.tokens.items():
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request, asked: list[httpx.Request] = asked) -> httpx.Response:
            asked.append(request)
            return httpx.Response(200, json={"access_token": "rehearsed", "token_type": "Bearer"})

        if isinstance(source, ClientCredentials):
            with httpx.Client(transport=httpx.MockTransport(answer)) as http:
                replace(source).resolve(http)
            yield f"# tokens.{role}"
            yield from (curl.line({"request": asdict(captured_request(request, redactor))}) for request in asked)


@contextmanager
def _run(plan: Plan, own: ReferenceServer, target: Target) -> Iterator[tuple[Run, _Prompter]]:
    """A run against the server that stands in, which moves its clock on whenever a case waits."""
    other = own.target()
    step = target.polling.interval
    budget = min(max(target.polling.budget / step * _LOOK, _LEAST), _MOST)
    played = replace(
        target,
        tokens={role: _labelled(other, role, plan.redactor) for role in target.tokens if role in other.tokens},
        hooks={name: other.hooks[name] for name in target.hooks if name in other.hooks},
        polling=Polling(interval=_LOOK, budget=budget),
        timeout=other.timeout,
        ca_file=None,
    )

    @contextmanager
    def away() -> Iterator[None]:
        own.clock.advance(step)
        yield

    bases = {url: own.base_url(api) for api, url in target.apis.items()}
    with _sink(own, target) as sink, connected(replace(plan, rate=None, budget=None), played, sink) as run:
        known = {hook.url: target.hooks[name] for name, hook in played.hooks.items() if hook.url}
        prompter = _Prompter(plan.redactor, bases, known)
        for http in filter(None, (run.http, run.hooked)):
            prompter.attach(http)
        yield replace(run, ledger=None, away=away), prompter


def _labelled(other: Target, role: str, redactor: Redactor) -> StaticToken:
    """A token that the server knows, which the lines name as that of the target file."""
    with connection() as http:
        token = other.tokens[role].resolve(http)
    redactor.register(f"tokens.{role}", token)
    return StaticToken(token)


@contextmanager
def _sink(own: ReferenceServer, target: Target) -> Iterator[Sink | None]:
    """A receiver where the target file has one; events for its public address arrive at it all the same."""
    if not reachable(target):
        yield None
        return
    sink = receiver(replace(target, sink=replace(target.sink, host="127.0.0.1", port=0, certificate=None)))
    with sink:
        own.service.courier.forwarded[sink.url] = f"https://127.0.0.1:{sink.port}"
        call_hook(own.target().hooks["trust_sink"], {"pem": sink.ca_pem}, timeout=10)
        yield sink


def _rehearsed(run: Run, prompter: _Prompter, target: Target, row_case: RowCase) -> Iterator[str]:
    """One case: its name, and what it asks, to the deletion of what it created."""
    reason = ""
    try:
        require(target, row_case.row)
        case = Case(run, row_case, run.client(row_case.row.api))
        with suppress(CaseEnd, UnusableError, httpx.HTTPError):
            tests()[row_case.row.purpose.key](case)
            waiting.quiet(case)
            case.finish()
        case.clean()
        case.keep()
    except CaseEnd as end:
        reason = f" (not run: {one_line(str(end))})"
    yield f"# {row_case}{reason}"
    yield from prompter.take()
