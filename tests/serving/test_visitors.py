"""Several visitors of the real server at once, over the websocket protocol that browsers speak."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from explorer.serving.uploads import SESSION_BYTES, SESSION_FULL
from tests.browser.serving import serving
from tests.support.awaiting import run
from tests.support.crowd import COLUMN, COLUMNS, Crowd, gather, photograph, single
from tests.support.visitors import visiting

pytestmark = [pytest.mark.server, pytest.mark.real_weights]

FEW = Crowd(movers=2, lookers=2, comparers=1, idle=3, seconds=6.0, pauses=(0.2, 0.6))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(log=tmp_path_factory.mktemp("visitors") / "log") as (place, _):
        yield place


def test_a_crowd_gets_the_answers_that_one_visitor_gets(address: str) -> None:
    _, looks, compared = run(single(address, rounds=2))
    account = run(gather(address, FEW, looks, compared))
    assert account.wrong == []
    assert min(len(account.moves), len(account.looks), len(account.comparisons)) > 0


def test_nobody_can_end_the_questions_of_others(address: str) -> None:
    async def scene() -> str:
        async with visiting(address, "look", "network=lite0&photo=coffee&view=compare") as asking:
            await asking.press("Compare")
            async with visiting(address) as other:
                message = BackMsg()
                message.clear_cache = True
                await other.socket.send(message.SerializeToString())
                await other.run()
            await asking.until(lambda: len(COLUMN.findall(asking.text)) == COLUMNS)
            return asking.text

    assert len(COLUMN.findall(run(scene()))) == COLUMNS


def test_nobody_sees_the_photograph_of_another(address: str) -> None:
    async def scene() -> tuple[str, str, int]:
        async with visiting(address, "look", "network=lite0&photo=upload") as one:
            before = one.text
            await one.upload("rocket.jpg", photograph("rocket"))
            async with visiting(address, "look", "network=lite0&photo=upload") as other:
                pictures = sum(len(each.imgs.imgs) for each in other.elements("imgs"))
                return before, other.text, pictures

    before, seen, pictures = run(scene())
    assert "says “" not in before
    assert seen == before
    assert pictures == 0


def test_who_keeps_giving_is_refused_and_nobody_else(address: str) -> None:
    async def scene() -> str:
        large = bytes(9 * 2**20)
        async with visiting(address, "look", "network=lite0&photo=upload") as giver:
            kept = [await giver.give("large.jpg", large) for _ in range(SESSION_BYTES // len(large))]
            with pytest.raises(HTTPError) as refused:
                await giver.give("one more.jpg", large)
            async with visiting(address, "look", "network=lite0&photo=upload") as other:
                await other.upload("rocket.jpg", photograph("rocket"))
            await giver.take_back(kept[0])
            await giver.give("one more.jpg", large)
            return refused.value.read().decode()

    assert run(scene()) == SESSION_FULL
