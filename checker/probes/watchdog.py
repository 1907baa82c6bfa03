"""End an app that uses more than its limits, and note why."""

import threading

from checker.probes.app import AppProcess, describe_swarm
from checker.probes.tree import list_tree, read_memory, read_own_memory

PERIOD = 0.1  # seconds


class Watchdog:
    """Looks at every running app of a run, ten times a second."""

    def __init__(self) -> None:
        self._apps: list[AppProcess] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def add(self, app: AppProcess) -> None:
        """Watch this app too."""
        self._apps.append(app)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(PERIOD):
            for app in list(self._apps):
                if app.ended_because or app.poll() is not None:
                    self._apps.remove(app)
                else:
                    end_if_excessive(app)


def end_if_excessive(app: AppProcess) -> None:
    """End an app that is over one of its limits."""
    if reason := find_excess(app):
        app.ended_because = reason
        app.kill()


def find_excess(app: AppProcess) -> str:
    """Return which limit the app is over, in words; empty when it is within all of them."""
    limits = app.limits
    if app.output.is_flooded:
        return f"it wrote more than {limits.output >> 20} MiB to its output"
    tree = list_tree(app.pid)
    if len(tree) > limits.processes:
        return describe_swarm(limits.processes)
    if (
        sum(read_memory(process) for process in tree) > limits.memory
        and sum(read_own_memory(process) for process in tree) > limits.memory
    ):
        return f"it used more than {limits.memory >> 20} MiB of memory"
    return ""
