"""Visitors without a browser: they speak Streamlit's websocket protocol, many of them in one process."""

from __future__ import annotations

import asyncio
import re
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

COOKIE = "_streamlit_xsrf"
PATIENCE_SECONDS = 300.0
LARGEST_MESSAGE = 2**26
FRAGMENT_DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


class VisitError(Exception):
    """Something that a visitor must never see, or a visit that ended by itself."""


@dataclass
class Visitor:
    """One session: what its page shows now, and the states of the widgets that it has moved."""

    address: str
    socket: ClientConnection
    page_name: str
    query: str
    xsrf: str
    shown: dict[tuple[int, ...], Element] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    script: str = ""
    session: str = ""
    runs: int = 0
    _touched: set[tuple[int, ...]] = field(default_factory=set)
    _fresh: set[str] = field(default_factory=set)
    _repeating: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _uploads: dict[str, asyncio.Future[list[FileURLs]]] = field(default_factory=dict)
    _last_upload: FileURLs | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _ended: BaseException | None = None

    # ---- what it sees

    def elements(self, kind: str) -> list[Element]:
        """All elements of a kind, in the order of the page."""
        return [element for _, element in sorted(self.shown.items()) if element.WhichOneof("type") == kind]

    @property
    def text(self) -> str:
        """The words of the page: markdown, alerts and metrics."""
        words = [element.markdown.body for element in self.elements("markdown")]
        words += [element.alert.body for element in self.elements("alert")]
        return "\n".join(words + [f"{each.metric.label}: {each.metric.body}" for each in self.elements("metric")])

    def metric(self, label: str) -> str:
        """The value of the metric called `label`."""
        return next(each.metric.body for each in self.elements("metric") if each.metric.label == label)

    # ---- what it does

    async def move(self, label: str, value: float) -> float:
        """Put the slider called `label` to `value`; seconds until the page is drawn again."""
        slider = next(each.slider for each in self.elements("slider") if each.slider.label == label)
        self.states[slider.id] = WidgetState(id=slider.id)
        self.states[slider.id].double_array_value.data.append(value)
        return await self.run()

    async def choose(self, label: str, option: str) -> float:
        """Choose one of the buttons of the group called `label`; seconds until the page is drawn again."""
        group = next(each.button_group for each in self.elements("button_group") if each.button_group.label == label)
        names = [each.content for each in group.options]
        self.states[group.id] = WidgetState(id=group.id)
        self.states[group.id].string_array_value.data.append(group.options[names.index(option)].content)
        return await self.run()

    async def press(self, label: str) -> float:
        """Press the button whose label starts with `label`; seconds until the page is drawn again."""
        button = next(each.button for each in self.elements("button") if each.button.label.startswith(label))
        self.states[button.id] = WidgetState(id=button.id, trigger_value=True)
        taken = await self.run()
        self.states.pop(button.id, None)
        return taken

    async def upload(self, name: str, data: bytes) -> float:
        """Give a file to the page's uploader, which then takes the last one back, as a browser's does.

        Returns:
            Seconds until the page is drawn again.
        """
        uploader = self.elements("file_uploader")[0].file_uploader
        began = time.perf_counter()
        place = await self.give(name, data)
        state = WidgetState(id=uploader.id)
        state.file_uploader_state_value.uploaded_file_info.append(
            UploadedFileInfo(name=name, size=len(data), file_id=place.file_id, file_urls=place)
        )
        self.states[uploader.id] = state
        if self._last_upload is not None:
            await self.take_back(self._last_upload)
        self._last_upload = place
        await self.run()
        return time.perf_counter() - began

    async def give(self, name: str, data: bytes) -> FileURLs:
        """Send a file to the server, which keeps it for this session, and say where it is; the page is not told."""
        request = uuid4().hex
        answered: asyncio.Future[list[FileURLs]] = asyncio.get_running_loop().create_future()
        self._uploads[request] = answered
        asked = BackMsg()
        asked.file_urls_request.request_id = request
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        await self.socket.send(asked.SerializeToString())
        (place,) = await asyncio.wait_for(answered, PATIENCE_SECONDS)
        await asyncio.to_thread(self._put, place.upload_url, name, data)
        return place

    async def take_back(self, place: FileURLs) -> None:
        """Have the server forget a file that was given."""
        await asyncio.to_thread(self._request, "DELETE", place.delete_url, None, {})

    async def run(self) -> float:
        """Run the page with the widgets as they are; seconds until it is drawn."""
        began = time.perf_counter()
        before = self.runs
        await self._ask("")
        await self.until(lambda: self.runs > before)
        return time.perf_counter() - began

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds of the page."""

        def settled() -> bool:
            return self._ended is not None or bool(holds())

        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(settled), PATIENCE_SECONDS)
        if self._ended is not None:
            raise VisitError(f"The visit ended: {self._ended!r}") from self._ended

    # ---- the protocol

    async def _ask(self, fragment: str) -> None:
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self.query
        client.page_script_hash = self.script
        client.page_name = "" if self.script else self.page_name
        client.fragment_id = fragment
        client.is_auto_rerun = bool(fragment)
        client.widget_states.widgets.extend(self.states.values())
        await self.socket.send(message.SerializeToString())

    def _put(self, place: str, name: str, data: bytes) -> None:
        border = uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + data + f"\r\n--{border}--\r\n".encode()
        self._request("PUT", place, body, {"Content-Type": f"multipart/form-data; boundary={border}"})

    def _request(self, method: str, place: str, body: bytes | None, headers: dict[str, str]) -> None:
        given = {**headers, "X-Xsrftoken": self.xsrf, "Cookie": f"{COOKIE}={self.xsrf}"}
        request = urllib.request.Request(self.address + place, body, given, method=method)  # noqa: S310 - this machine
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310
            pass

    async def listen(self) -> None:
        """Take in what the server says until the socket ends."""
        try:
            async for data in self.socket:
                message = ForwardMsg()
                message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                self._take(message)
                async with self._changed:
                    self._changed.notify_all()
        except (ConnectionClosed, VisitError) as error:
            self._ended = error
        finally:
            self._ended = self._ended or EOFError("the server closed the connection")
            async with self._changed:
                self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type") or ""
        taken = {
            "new_session": self._begin,
            "navigation": self._navigate,
            "delta": self._draw,
            "script_finished": self._finish,
            "page_info_changed": self._follow,
            "file_urls_response": self._place,
            "auto_rerun": self._repeat,
            "stop_auto_rerun": self._stop_repeating,
            "session_event": self._note,
            "ref_hash": self._refuse,
        }.get(kind)
        if taken is not None:
            taken(message)

    def _begin(self, message: ForwardMsg) -> None:
        self.session = message.new_session.initialize.session_id or self.session
        self._touched.clear()
        self._fresh.clear()

    def _navigate(self, message: ForwardMsg) -> None:
        self.script = message.navigation.page_script_hash

    def _follow(self, message: ForwardMsg) -> None:
        self.query = message.page_info_changed.query_string

    def _place(self, message: ForwardMsg) -> None:
        answer = message.file_urls_response
        self._uploads.pop(answer.response_id).set_result(list(answer.file_urls))

    def _note(self, message: ForwardMsg) -> None:
        if message.session_event.WhichOneof("type") == "script_compilation_exception":
            raise VisitError("The script could not be compiled.")

    def _refuse(self, message: ForwardMsg) -> None:
        raise VisitError(f"The server believes that a message is known here: {message.ref_hash}.")

    def _draw(self, message: ForwardMsg) -> None:
        place = tuple(message.metadata.delta_path)
        self._touched.add(place)
        self.shown.pop(place, None)
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise VisitError(element.exception.message)
        self.shown[place] = element

    def _finish(self, message: ForwardMsg) -> None:
        status = message.script_finished
        if status == DONE:
            self.shown = {place: element for place, element in self.shown.items() if place in self._touched}
            self._stop(self._repeating.keys() - self._fresh)  # a page drawn anew forgets what repeated itself
        if status in {DONE, FRAGMENT_DONE}:
            self.runs += 1

    def _repeat(self, message: ForwardMsg) -> None:
        fragment, seconds = message.auto_rerun.fragment_id, message.auto_rerun.interval

        async def repeated() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self._ask(fragment)

        self._stop((fragment,))
        self._fresh.add(fragment)
        self._repeating[fragment] = asyncio.create_task(repeated())

    def _stop_repeating(self, message: ForwardMsg) -> None:
        self._stop(message.stop_auto_rerun.fragment_ids)

    def _stop(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            if fragment in self._repeating:
                self._repeating.pop(fragment).cancel()

    def leave(self) -> None:
        """End what repeats itself."""
        self._stop(tuple(self._repeating))


@asynccontextmanager
async def visiting(address: str, page: str = "", query: str = "") -> AsyncIterator[Visitor]:
    """A visitor who has opened a page of the app at `address` and sees it drawn."""
    xsrf = await asyncio.to_thread(_xsrf, address)
    place = address.replace("http", "ws", 1) + "/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={xsrf}"}
    async with connect(
        place,
        subprotocols=[Subprotocol("streamlit"), Subprotocol(xsrf)],
        additional_headers=headers,
        max_size=LARGEST_MESSAGE,
        ping_interval=None,
    ) as socket:
        visitor = Visitor(address, socket, page, query, xsrf)
        listening = asyncio.create_task(visitor.listen())
        try:
            await visitor.run()
            yield visitor
        finally:
            visitor.leave()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


def _xsrf(address: str) -> str:
    """The token that the server gives to a browser with its first answer."""
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        found = re.search(rf"{COOKIE}=([^;]+)", answer.headers.get("Set-Cookie", ""))
    return found[1] if found else ""
