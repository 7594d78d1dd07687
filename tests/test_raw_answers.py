"""Answers that break HTTP itself: each is read, or is an error that says what is wrong; never a traceback."""

from contextlib import suppress

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.connections import connection
from tests.hostile.relay import RAW
from tests.hostile.test_trouble import talking

RIGHT = httpx.Response(200, json={"sessionId": "1", "duration": 60}, headers={"x-correlator": "a"})


@pytest.mark.parametrize("name", RAW)
def test_an_answer_is_read_or_is_an_error(name: str) -> None:
    raw = RAW[name][0](RIGHT)
    with talking(lambda peer: peer.sendall(raw)) as url, connection(timeout=30) as http:
        api = contracts.contract("r3.2", "quality-on-demand")
        client = QodClient(contract=api, base_url=url, http=http)
        with suppress(httpx.RequestError):
            assert client.get_session("1").status == 200
    (said,) = client.exchanges
    assert (said.response is None) == bool(said.error)
    assert len(said.error or "") < 300
    assert "\n" not in (said.error or "")
    assert len(str(said.to_dict())) < 70_000
    for wrong in checks.body(said, api) if said.response else ():
        assert len(str(wrong.to_dict())) < 1_000
