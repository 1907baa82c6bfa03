"""Read a Dockerfile into its stages and instructions, as far as the course looks at it."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

ESCAPED = re.compile(r"\\[ \t]*$")
# As BuildKit reads it: a word that begins so. `$((1 << 3))` and `<<<` are none.
HEREDOC = re.compile(r"(?<!\S)\d*<<-?[\"']?(?P<name>[^\s<\"']+)")
VARIABLE = re.compile(r"\$\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|\$(?P<bare>\w+)")
FLAG = re.compile(r"--(?P<name>[\w-]+)(?:=(?P<value>\S+))?\s+")


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Attributes:
        line, end: Where it begins, and where its last line is.
        word: In capitals, such as `COPY`.
        flags: What stands as `--name=value` before the rest; `--mount` may stand there twice.
        rest: What follows, continued lines put together.
    """

    line: int
    end: int
    word: str
    flags: tuple[tuple[str, str], ...]
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

    @property
    def origins(self) -> list[str]:
        """The stages and images whose files it uses, by `--from=a` or `--mount=from=a,…`."""
        told = (value if name == "mount" else f"{name}={value}" for name, value in self.flags)
        pairs = (part.partition("=") for one in told for part in one.split(","))
        return [origin for name, _, origin in pairs if name == "from"]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names and values that ENV or ARG gives; a name alone has an empty value."""
        words = split_words(self.rest)
        if self.word == "ENV" and words and "=" not in words[0]:
            return [(words[0], " ".join(words[1:]))]
        return [(name, value) for name, _, value in (word.partition("=") for word in words)]


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
        found += [name for s in self.stages for one in s.instructions for name in one.origins]
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
    """Yield the instructions, with the here-documents that they hold; comments are passed over."""
    lines = enumerate(text.splitlines(), start=1)
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        end, whole = continue_line(lines, number, line)
        if not whole.strip():  # nothing but the sign that goes on
            continue
        word, rest = (*whole.split(maxsplit=1), "")[:2]
        documents = HEREDOC.finditer(rest) if word.upper() in {"RUN", "COPY", "ADD"} else ()
        for one in documents:
            document = read_document(lines, one["name"])
            end = document[-1][0] if document else end
            rest += "".join(f"\n{inner}" for _, inner in document)
        yield make_instruction(number, end, word, rest.strip())


def continue_line(lines: Iterator[tuple[int, str]], end: int, whole: str) -> tuple[int, str]:
    """Put a line and those that continue it together; return the number of the last one too."""
    while ESCAPED.search(whole) and (following := next(lines, None)):
        end = following[0]
        if not following[1].lstrip().startswith("#"):  # a comment may stand in between
            whole = ESCAPED.sub(" ", whole) + following[1]
    return end, whole


def read_document(lines: Iterator[tuple[int, str]], name: str) -> list[tuple[int, str]]:
    """Return the lines of a here-document with their numbers; its name is the last one."""
    found = []
    for number, line in lines:
        found.append((number, line))
        if line.strip() == name:
            break
    return found


def make_instruction(line: int, end: int, word: str, rest: str) -> Instruction:
    """Take the flags off an instruction."""
    flags = []
    while found := FLAG.match(rest):
        flags.append((found["name"], found["value"] or ""))
        rest = rest[found.end() :]
    return Instruction(line, end, word.upper(), tuple(flags), rest)


def begin_stage(one: Instruction, arguments: dict[str, str]) -> Stage:
    """Read what FROM says."""
    base, *named = fill_in(one.rest, arguments).split() or [""]
    is_named = len(named) > 1 and named[0].upper() == "AS"
    return Stage(base, named[1].lower() if is_named else "", one.line)


def read_arguments(heads: list[Instruction]) -> dict[str, str]:
    """Return the build arguments with their defaults, which may be made of earlier ones."""
    known: dict[str, str] = {}
    for name, value in (pair for one in heads for pair in one.pairs):
        known[name] = fill_in(value, known)
    return known


def split_words(text: str) -> list[str]:
    """Split as a shell does, and at spaces where a quote has no end."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def fill_in(text: str, values: dict[str, str]) -> str:
    """Put values in the place of `$NAME`, `${NAME}` and `${NAME:-default}`."""

    def replace(found: re.Match[str]) -> str:
        name = found["braced"] or found["bare"]
        return values.get(name) or found["default"] or ""

    return VARIABLE.sub(replace, text)
