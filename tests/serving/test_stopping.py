"""A signal to stop, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# Prints what happens, in order; `before` ends the process.
PROGRAM = """
import signal, sys, time
from threading import Event
from explorer.serving.stopping import graceful_shutdown

ended = Event()

def before(number, frame):
    print("stopped", flush=True)
    ended.set()

def finish():
    print("finishing", flush=True)
    if {slow}:
        time.sleep(60)
    print("finished", flush=True)

signal.signal(signal.SIGTERM, before)
signal.signal(signal.SIGINT, before)
with graceful_shutdown(finish):
    print("ready", flush=True)
    ended.wait()
print("as before:", signal.getsignal(signal.SIGTERM) is before, flush=True)
"""


def _started(slow: bool) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM.format(slow=slow)], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_is_finished_before_the_server_stops(number: signal.Signals) -> None:
    with _started(slow=False) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.read().splitlines() == ["finishing", "finished", "stopped", "as before: True"]
    assert process.returncode == 0


def test_a_second_signal_does_not_wait() -> None:
    with _started(slow=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "finishing\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().splitlines() == ["stopped", "as before: True"]
