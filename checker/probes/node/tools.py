"""Find Node.js and npm, and give their programs an environment of their own."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from checker.doctor.ask import ask, parse_version
from checker.doctor.mend import tell_how_to_install
from checker.doctor.tools import NODE, NPM, Tool
from checker.errors import ProbeError
from checker.probes.app import make_app_env


@dataclass(frozen=True)
class NodeTools:
    """Node.js as it is installed here.

    Attributes:
        node: The program.
        npm: The program; on Windows a command file.
        version: Of Node.js.
    """

    node: Path
    npm: Path
    version: str

    def make_env(self, scratch: Path, variables: dict[str, str]) -> dict[str, str]:
        """Return the whole environment of a program of the learner's."""
        env = make_app_env(scratch, variables)
        quiet = {"NEXT_TELEMETRY_DISABLED": "1", "CI": "1", "NO_COLOR": "1"}
        path = os.pathsep.join([f"{self.node.parent}", env["PATH"]])
        return env | quiet | {"PATH": path}


def find_node() -> NodeTools:
    """Return Node.js and npm.

    Raises:
        ProbeError: one of them is missing or too old.
    """
    found = [find_tool(tool) for tool in (NODE, NPM)]
    (node, version), (npm, _) = found
    return NodeTools(node, npm, version)


def find_tool(tool: Tool) -> tuple[Path, str]:
    """Return where a program is, and its version."""
    program = shutil.which(tool.program)
    answer = ask(tool.program, "--version")
    if program is None or answer is None or not answer.version:
        raise ProbeError(
            f"{tool.name} {tool.oldest} or newer is needed for the frontend, and was not found",
            tell_how_to_install(tool.package),
        )
    if parse_version(answer.version) < parse_version(tool.oldest):
        raise ProbeError(
            f"{tool.name} {answer.version} is too old for the frontend: it takes {tool.oldest}",
            tell_how_to_install(tool.package),
        )
    return Path(program), answer.version
