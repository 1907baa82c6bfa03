"""Find what a service of a compose file must not ask for: things of the host, and fixed names."""

from collections.abc import Mapping
from typing import Any

from checker.containers.compose import read_volume

OF_THE_HOST = {
    "container_name": "a name of its own, which a second copy would want too",
    "privileged": "every right on the host",
    "cap_add": "more rights than a container has",
    "devices": "devices of the host",
    "security_opt": "other rules of safety than the engine's",
    "cgroup_parent": "a control group of the host",
    "userns_mode": "the users of the host",
    "volumes_from": "the volumes of another container",
}
SPACES = ("network_mode", "pid", "ipc", "uts", "cgroup")
# What takes rights away, and gives none: many files for containers have it.
STRICTER = frozenset(f"no-new-privileges{end}" for end in ("", ":true", "=true"))
# What Docker and Podman give every container anyway; databases drop all and take back some of them.
USUAL_RIGHTS = frozenset(
    (
        *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE"),
        *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
HARMLESS = frozenset({"none", "bridge", "default", "private"})


def find_danger(facts: Mapping[str, Any]) -> str:
    """Say what a service asks for that it must not have; empty when all is well."""
    for name, meaning in OF_THE_HOST.items():
        if is_asked_for(name, facts.get(name)):
            return f"{name}: {meaning}"
    for name in SPACES:
        value = str(facts.get(name) or "private")
        if value not in HARMLESS and not value.startswith("service:"):
            return f"{name}: {value}, which is not its own"
    mounts = (read_volume(one)[0] for one in facts.get("volumes") or [])
    outside = [source for source in mounts if is_outside(source)]
    return f"{outside[0]} of the host is mounted" if outside else ""


def is_asked_for(name: str, value: object) -> bool:
    """Tell whether a service asks for this; what gives no more than every container has is none."""
    if name == "security_opt" and isinstance(value, list):
        return not STRICTER.issuperset(map(str, value))
    if name == "cap_add" and isinstance(value, list):
        return not USUAL_RIGHTS.issuperset(str(one).upper().removeprefix("CAP_") for one in value)
    return bool(value)


def is_outside(source: str) -> bool:
    """Tell whether a mount is a path that leads out of the app's folder; names are volumes."""
    return source.startswith(("/", "~", "..", "$", "\\")) or "/../" in source or source[1:2] == ":"
