"""Look at what keeps the submissions apart that `./course grade` runs."""

import sys

from checker.doctor.ask import ask
from checker.doctor.finding import Finding, Status
from checker.doctor.mend import tell_how_to_install

NAME = "jail (graders)"
SMALLEST = (
    *("--unshare-user", "--unshare-pid", "--unshare-net", "--disable-userns", "--die-with-parent"),
    *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "/bin/true"),
)
# Ubuntu 24.04 lets no program make a user namespace unless a profile of AppArmor allows it.
ALLOW = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"


def look_at_jail() -> Finding:
    """Make a jail, and say why when there is none; no lesson needs it."""
    if sys.platform != "linux":
        return Finding(name=NAME, status=Status.OK, detail="on Linux only; no lesson needs it")
    answer = ask("bwrap", *SMALLEST)
    if answer is None:
        how = tell_how_to_install("bubblewrap")
        detail = f"no bubblewrap; only ./course grade needs it: {how}"
        return Finding(name=NAME, status=Status.OK, detail=detail)
    if answer.is_success:
        version = ask("bwrap", "--version")
        return Finding(
            name=NAME, status=Status.OK, detail=f"bubblewrap {version.version if version else ''}"
        )
    reason = answer.text.splitlines()[0] if answer.text else "it says nothing"
    return Finding(
        name=NAME,
        status=Status.WARNING,
        detail=f"bubblewrap makes no jail ({reason}); only ./course grade needs it",
        mend=f"{ALLOW}   (on Ubuntu; a container must be allowed to make namespaces)",
    )
