"""Tell the commands, their arguments and options, as the command line itself declares them."""

from typing import Any

from typer.main import get_command

from checker.cli.app import build_app
from checker.errors import ExitCode
from checker.site.tables import escape, format_table

MEANINGS = {
    ExitCode.PASSED: "It did what it was asked to. All checks passed; everybody has a mark.",
    ExitCode.FAILED: "A check failed; submissions are still to be graded.",
    ExitCode.COULD_NOT_RUN: "It could not do its work: something is missing on this machine, or "
    "could not be checked or graded.",
    ExitCode.BAD_USAGE: "There is no such command, option, lesson, task or check, or nothing was "
    "selected.",
    ExitCode.INTERRUPTED: "Ctrl-C. Everything that the command started has ended.",
}


def list_exit_codes() -> str:
    """Return what each exit code means."""
    return format_table(
        ("code", "meaning"), ((f"`{code.value}`", MEANINGS[code]) for code in ExitCode)
    )


def list_commands() -> str:
    """Return every command, grouped as the help groups them."""
    group: Any = get_command(build_app())
    panels: dict[str, list[str]] = {}
    for name, command in group.commands.items():
        if not command.hidden:
            panels.setdefault(command.rich_help_panel, []).append(describe(name, command))
    return "\n\n".join(f"## {panel}\n\n" + "\n\n".join(texts) for panel, texts in panels.items())


def describe(name: str, command: Any) -> str:
    """Return one command: what it does, an example, its arguments and options."""
    text, _, example = (command.help or "").partition("Example:")
    parts = [f"### {name}", text.strip()]
    if example:
        parts.append(f"```console\n$ {example.strip()}\n```")
    rows = [describe_parameter(one) for one in command.params if not one.hidden]
    if rows:
        parts.append(format_table(("argument or option", "what it does"), rows))
    return "\n\n".join(parts)


def describe_parameter(parameter: Any) -> tuple[str, str]:
    """Return the row of an argument or option: how it is written, what it does, its default."""
    value = parameter.metavar or parameter.name.rpartition("_")[2].upper()
    if parameter.param_type_name == "argument":
        written = value if parameter.required else f"[{value}]"
    else:
        written = ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {value}")
    text = escape(parameter.help or "")
    if parameter.required and parameter.param_type_name == "option":
        text += " Must be given."
    default = find_default(parameter)
    written = written.replace("|", r"\|")
    return f"`{written}`", f"{text} Default: {default}." if default else text


def find_default(parameter: Any) -> str:
    """Return what an option is when it is not given; empty when that is nothing."""
    if isinstance(parameter.show_default, str):
        return parameter.show_default
    if parameter.default in {None, ""} or parameter.default is False:
        return ""
    return f"`{parameter.default}`"
