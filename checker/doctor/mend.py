"""The command that installs what is missing, for the package manager of this machine."""

import platform
import shutil
import sys

from checker.user import is_root

MANAGERS = {"darwin": "brew", "win32": "winget"}
LINUX_MANAGERS = {"apt-get": "apt", "dnf": "dnf", "pacman": "pacman"}
# Debian's and Ubuntu's own Node.js can be older than Next.js allows: `n` brings the current one.
INSTALL = {
    "git": {
        "apt": "sudo apt-get install git",
        "dnf": "sudo dnf install git",
        "pacman": "sudo pacman -S git",
        "brew": "brew install git",
        "winget": "winget install Git.Git",
    },
    "node": {
        "apt": "sudo apt-get install npm && sudo npx --yes n lts",
        "dnf": "sudo dnf install nodejs npm",
        "pacman": "sudo pacman -S nodejs npm",
        "brew": "brew install node",
        "winget": "winget install OpenJS.NodeJS.LTS",
    },
    "browser": {
        "apt": "sudo apt-get install chromium-headless-shell",
        "ubuntu": "sudo snap install chromium",
        "dnf": "sudo dnf install chromium",
        "pacman": "sudo pacman -S chromium",
        "brew": "brew install --cask google-chrome",
        "winget": "winget install Google.Chrome",
    },
    "bubblewrap": {  # for Linux only
        "apt": "sudo apt-get install bubblewrap",
        "dnf": "sudo dnf install bubblewrap",
        "pacman": "sudo pacman -S bubblewrap",
    },
    "engine": {
        "apt": "sudo apt-get install docker.io",
        "dnf": "sudo dnf install moby-engine && sudo systemctl enable --now docker",
        "pacman": "sudo pacman -S docker && sudo systemctl enable --now docker",
        "brew": "brew install --cask docker",
        "winget": "winget install Docker.DockerDesktop",
    },
    "compose": {
        "apt": "sudo apt-get install docker-compose",
        "ubuntu": "sudo apt-get install docker-compose-v2",
        "dnf": "sudo dnf install docker-compose",
        "pacman": "sudo pacman -S docker-compose",
        "brew": "brew install docker-compose",
        "winget": "winget install Docker.DockerDesktop",
    },
}


def tell_how_to_install(what: str) -> str:
    """Return the command for a key of INSTALL."""
    commands = INSTALL[what]
    manager = find_manager()
    if manager is None:
        return f"Install it by hand. On Debian the command would be:\n{commands['apt']}"
    command = commands.get("ubuntu", commands["apt"]) if is_ubuntu() else commands[manager]
    return as_this_user(command)


def as_this_user(command: str) -> str:
    """Leave `sudo` out for root, who may not have it."""
    return command.replace("sudo ", "") if is_root() else command


def find_manager() -> str | None:
    """Return the package manager of this machine, as INSTALL calls it."""
    if sys.platform in MANAGERS:
        return MANAGERS[sys.platform]
    found = (name for program, name in LINUX_MANAGERS.items() if shutil.which(program))
    return next(found, None)


def is_ubuntu() -> bool:
    """Tell Ubuntu from Debian: some of its packages are named or made otherwise."""
    try:
        return platform.freedesktop_os_release().get("ID") == "ubuntu"
    except OSError:
        return False
