"""An app that ends at once is an app that was started, whatever the judge was doing meanwhile."""

import os
import sys
from types import SimpleNamespace

import pytest

from checker.probes.app import AppLimits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="apps are forked on Linux only")


def look_at(status_line):
    """Return an app of whom the host has written this, and nothing more."""
    from checker.probes.forked import ForkedApp

    read, write = os.pipe()
    os.write(write, status_line)
    os.close(write)
    output = SimpleNamespace(join=lambda _timeout: None)
    launcher = SimpleNamespace(find_pid=lambda number: number)
    app = ForkedApp("app-1", launcher, status=read, port=1, output=output, limits=AppLimits())
    try:
        app.wait_for_pid()
    finally:
        os.close(read)
    return app


def test_app_that_ended_before_the_first_look_was_started():
    app = look_at(b"pid 7\nexit 3\n")
    assert (app.pid, app.poll()) == (7, 3)


def test_host_that_is_gone_is_reported():
    from checker.probes.forked import HostLostError

    with pytest.raises(HostLostError):
        look_at(b"")
