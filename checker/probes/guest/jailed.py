"""Be the first process of a jail, and the host of its apps (Linux).

Started as `jailed.py OPTIONS` with the app's own Python: `control`, the descriptor of the judge's
socket; `preload` and `hidden` as for the nursery; `issued`, where the app's files can be read, and
`place`, where they are copied to, unless they are there already; `calls`, a filter of system calls
in base64, unless there is one already. What is done to the number 1 by others in the jail has no
effect, and they may not look into it: see pid_namespaces(7) and PR_SET_DUMPABLE. When it ends, all
end. Standard library only.
"""

import base64
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import app_host
import nursery
import serve
import system

del sys.path[0]  # the learner's app must not find our modules


def main() -> None:
    """Prepare, say so, obey."""
    options = json.loads(sys.argv[1])
    os.umask(0o022)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the only one that Python would let through
    system.hide_memory()
    if calls := options.get("calls"):
        system.give_up_calls(base64.b64decode(calls))
    if "issued" in options:
        shutil.copytree(options["issued"], options["place"], symlinks=True, dirs_exist_ok=True)
    serve.hide(options["hidden"])
    nursery.preload(options["preload"])
    wakeup = nursery.watch_children()
    control = socket.socket(fileno=options["control"])
    control.send(app_host.READY)
    app_host.AppHost(control).run(wakeup)


if __name__ == "__main__":
    try:
        main()
    finally:
        os._exit(0)
