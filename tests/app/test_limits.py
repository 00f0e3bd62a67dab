"""Who counts as one caller, and that counting them takes a bounded memory."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from app.api import limits
from app.api.limits import Counts
from tests.app.conftest import House
from tests.app.test_api_contract import limited


def asked(http: TestClient[Any], token: str | None = None) -> httpx.Response:
    return http.get("/me", headers={} if token is None else {"Authorization": f"Bearer {token}"})


def test_made_up_tokens_are_counted_together_by_their_address(house: House) -> None:
    app = limited(house, 3)
    with TestClient(app) as http:
        answers = [asked(http, f"made-up-{number}").status_code for number in range(5)]
        assert answers == [401, 401, 401, 429, 429]
        refused = asked(http)
        assert refused.status_code == 429, "and with those who send none"
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert asked(http, house.token("olena")).status_code == 200, "who has a valid one is not shut out by them"
        counts = app.stores.get(limits.STORE)
        assert isinstance(counts, Counts)
        assert counts.size == 2


def test_behind_a_proxy_each_source_has_a_count_of_its_own(house: House) -> None:
    app = limited(house, 1, report_source_header="X-Forwarded-For")
    with TestClient(app) as http:
        named = ("203.0.113.5", "203.0.113.6", "made up, 203.0.113.5")
        answers = [http.get("/me", headers={"X-Forwarded-For": each}).status_code for each in named]
    assert answers == [401, 401, 429]


def test_an_account_has_one_count_whichever_of_its_tokens_it_sends(house: House) -> None:
    with TestClient(limited(house, 2)) as http:
        tokens = [house.token("olena") for _ in range(3)]
        assert len(set(tokens)) == 3
        assert [asked(http, token).status_code for token in tokens] == [200, 200, 429]
        assert asked(http, house.token("taras")).status_code == 200


@pytest.mark.parametrize("expires_in", [timedelta(microseconds=1), timedelta(minutes=1)], ids=["all over", "none over"])
def test_the_counts_of_many_callers_take_a_bounded_memory(expires_in: timedelta) -> None:
    async def count() -> tuple[int, bytes | None, bytes | None]:
        counts = Counts(callers_max=5)
        for number in range(50):
            await counts.set(f"address {number}", b"x", expires_in)
            assert counts.size <= 5
            await counts.set(f"address {number}", b"again", expires_in)
        return counts.size, await counts.get("address 49"), await counts.get("address 44")

    size, newest, oldest = asyncio.run(count())
    assert 1 <= size <= 5
    assert (newest, oldest) == ((b"again", None) if expires_in.seconds else (None, None))
