"""An interrupt in the middle of a step that must not be torn comes after it."""

import os
import signal

import pytest

from checker.interrupts import deferred_interrupts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="os.kill ends the process on Windows")


def take_a_step(done, number=None):
    with deferred_interrupts():
        if number:
            os.kill(os.getpid(), number)
        done.append("step")
    done.append("after")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupt_waits_for_the_end_of_the_step(name):
    done, number = [], signal.Signals[name]
    handler = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        take_a_step(done, number)
    assert done == ["step"]
    assert signal.getsignal(number) is handler


def test_step_without_an_interrupt_goes_on():
    done = []
    take_a_step(done)
    assert done == ["step", "after"]


def test_interrupt_waits_for_the_whole_that_the_step_is_part_of():
    done = []
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():
        take_a_step(done, signal.SIGINT)
    assert done == ["step", "after"]


def test_interrupt_that_is_ignored_ends_nothing():
    done = []
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        take_a_step(done, signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["step", "after"]
