"""Read a Dockerfile into its stages and instructions, as far as the course looks at it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

ESCAPED = re.compile(r"\\[ \t]*$")
HEREDOC = re.compile(r"<<-?\s*[\"']?(?P<name>\w+)[\"']?")
VARIABLE = re.compile(r"\$\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|\$(?P<bare>\w+)")
FLAG = re.compile(r"--(?P<name>[\w-]+)(?:=(?P<value>\S+))?\s+")


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Attributes:
        line: Where it begins.
        word: In capitals, such as `COPY`.
        flags: What stands as `--name=value` before the rest.
        rest: What follows, continued lines put together.
    """

    line: int
    word: str
    flags: dict[str, str]
    rest: str

    @property
    def listed(self) -> list[str] | None:
        """The words of the exec form, `["a", "b"]`; None for the shell form."""
        try:
            found = json.loads(self.rest)
        except ValueError:
            return None
        is_list = isinstance(found, list) and all(isinstance(word, str) for word in found)
        return found if is_list else None


@dataclass
class Stage:
    """What begins with one FROM.

    Attributes:
        base: The image, or the name of an earlier stage, with build arguments filled in.
        name: What follows AS, in lower case; empty when there is none.
    """

    base: str
    name: str
    line: int
    instructions: list[Instruction] = field(default_factory=list)

    def find(self, *words: str) -> list[Instruction]:
        """Return the instructions of these kinds, in order."""
        return [one for one in self.instructions if one.word in words]

    def find_last(self, word: str) -> Instruction | None:
        """Return the instruction that counts where a later one replaces an earlier one."""
        return next(reversed(self.find(word)), None)


@dataclass
class Dockerfile:
    """A whole file.

    Attributes:
        heads: The ARGs before the first FROM.
    """

    heads: list[Instruction] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @property
    def final(self) -> Stage:
        """The stage that becomes the image."""
        return self.stages[-1]

    def find_stage(self, name: str) -> Stage | None:
        """Return a stage by its name or its number."""
        for number, stage in enumerate(self.stages):
            if name.lower() in {stage.name, str(number)}:
                return stage
        return None

    @property
    def bases(self) -> list[str]:
        """The images that come from elsewhere: bases, and what files are copied from."""
        found = [stage.base for stage in self.stages]
        found += [c.flags["from"] for s in self.stages for c in s.find("COPY") if "from" in c.flags]
        theirs = (image for image in found if not self.find_stage(image) and image != "scratch")
        return list(dict.fromkeys(theirs))

    def trace(self, stage: Stage) -> list[Stage]:
        """Return a stage and those that it is built upon, the newest first."""
        chain = [stage]
        while (below := self.find_stage(chain[-1].base)) and below not in chain:
            chain.append(below)
        return chain


def parse_dockerfile(text: str) -> Dockerfile:
    """Read a file; what is no instruction is left for the engine to complain about."""
    parsed = Dockerfile()
    for one in list_instructions(text):
        if one.word == "FROM":
            parsed.stages.append(begin_stage(one, read_arguments(parsed.heads)))
        elif parsed.stages:
            parsed.stages[-1].instructions.append(one)
        elif one.word == "ARG":
            parsed.heads.append(one)
    return parsed


def list_instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions; comments and here-documents are passed over."""
    lines = enumerate(text.splitlines(), start=1)
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line
        while ESCAPED.search(whole) and (following := next(lines, None)):
            if not following[1].lstrip().startswith("#"):  # a comment may stand in between
                whole = ESCAPED.sub(" ", whole) + following[1]
        word, _, rest = whole.strip().partition(" ")
        if word.upper() in {"RUN", "COPY", "ADD"} and (document := HEREDOC.search(rest)):
            rest += "".join(f"\n{inner}" for _, inner in skip_document(lines, document["name"]))
        yield make_instruction(number, word, rest.strip())


def skip_document(lines: Iterator[tuple[int, str]], name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a here-document."""
    for number, line in lines:
        if line.strip() == name:
            return
        yield number, line


def make_instruction(number: int, word: str, rest: str) -> Instruction:
    """Take the flags off an instruction."""
    flags = {}
    while found := FLAG.match(rest):
        flags[found["name"]] = found["value"] or ""
        rest = rest[found.end() :]
    return Instruction(number, word.upper(), flags, rest)


def begin_stage(one: Instruction, arguments: dict[str, str]) -> Stage:
    """Read what FROM says."""
    base, *named = fill_in(one.rest, arguments).split() or [""]
    is_named = len(named) > 1 and named[0].upper() == "AS"
    return Stage(base, named[1].lower() if is_named else "", one.line)


def read_arguments(heads: list[Instruction]) -> dict[str, str]:
    """Return the build arguments that have a default."""
    pairs = (one.rest.partition("=") for one in heads)
    return {name: value.strip("\"'") for name, _, value in pairs}


def fill_in(text: str, values: dict[str, str]) -> str:
    """Put values in the place of `$NAME`, `${NAME}` and `${NAME:-default}`."""

    def replace(found: re.Match[str]) -> str:
        name = found["braced"] or found["bare"]
        return values.get(name) or found["default"] or ""

    return VARIABLE.sub(replace, text)
