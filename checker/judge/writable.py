"""Make what an app sent, or what a file is called, fit to be written in any encoding."""

import msgspec

from checker.judge.results import Finding


def make_writable(text: str) -> str:
    r"""Write lone surrogates, which no encoding takes, as escapes such as `\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def make_finding_writable(finding: Finding) -> Finding:
    """Return the finding with every text of it made writable."""
    texts = {name: make_writable(getattr(finding, name)) for name in finding.__struct_fields__}
    return msgspec.structs.replace(finding, **texts)
