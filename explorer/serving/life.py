"""What a server does before its first visitor and after its last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from threading import Thread

from explorer.serving import uploads
from explorer.serving.routes import Services
from explorer.serving.stopping import graceful_shutdown

WARM_AFTER_SECONDS = 5.0
"""A first visitor who comes at once is shown a page before torch is loaded, which takes both of two processors."""

log = logging.getLogger(__name__)


def lifespan(services: Services) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """A lifespan that warms the workers of `services` soon after the start, and lets them finish before the end."""

    @asynccontextmanager
    async def lived(_: object) -> AsyncIterator[None]:
        uploads.keep_in_memory()
        log.info("The server has started.")
        warming = asyncio.create_task(_warm(services))
        with graceful_shutdown(lambda: close(services)):
            yield
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming
        await asyncio.to_thread(close, services)
        log.info("The server has ended.")

    return lived


def close(services: Services) -> None:
    """Refuse new jobs in words, let running ones finish for some seconds, end the workers; twice is as good as once."""
    closing = [Thread(target=service.close) for service in services().values()]
    for thread in closing:
        thread.start()
    for thread in closing:
        thread.join()


async def _warm(services: Services) -> None:
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(services)
