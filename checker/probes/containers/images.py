"""Build an image as the learner's Dockerfile says, and look at what came of it."""

import secrets
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.containers.bases import look_at, prepare
from checker.containers.dockerfile import parse_dockerfile
from checker.doctor.containers import KEPT_LABEL
from checker.errors import CourseError, ProbeError
from checker.probes.containers.guard import IMAGE, LABEL
from checker.probes.containers.kept import keep_image
from checker.probes.containers.lab import LONGEST_BUILD, Lab
from checker.probes.containers.trouble import ContainerError, cut_log, excuse_machine

ADDRESS = "NEXT_PUBLIC_API_URL"


@dataclass(frozen=True)
class BuildSpec:
    """What is built.

    Attributes:
        context: The folder that it is built from.
        dockerfile: Relative to that.
        target: The stage that becomes the image; empty for the last one.
        arguments: Names and values that the build is told.
    """

    context: Path
    dockerfile: str = "Dockerfile"
    target: str = ""
    arguments: tuple[tuple[str, str], ...] = ()


class Inspected(msgspec.Struct, rename="pascal"):
    """What the engine knows of an image."""

    id: str
    size: int = 0


@dataclass(frozen=True)
class Image:
    """An image that was built.

    Attributes:
        tag: Its name in this run.
        growth: Bytes that it has more than what its last stage is built upon.
        base: What that is; empty for scratch.
    """

    tag: str
    growth: int
    base: str


def build_own(lab: Lab, folder: str) -> Image:
    """Build backend/ or frontend/ as the lesson says: from its own folder, told the address."""
    return build(lab, BuildSpec(lab.app / folder, arguments=tell_address(lab, folder)), folder)


def tell_address(lab: Lab, folder: str) -> tuple[tuple[str, str], ...]:
    """Return what the build of a folder is told: of the frontend, where the backend will be."""
    return ((ADDRESS, f"http://localhost:{lab.ports[0]}"),) if folder == "frontend" else ()


def build(lab: Lab, spec: BuildSpec, name: str) -> Image:
    """Build once a run, and keep the image.

    Raises:
        ContainerError: the build failed.
        ProbeError: an image that it is built upon cannot be had, or the network is away.
    """
    return lab.once(spec, lambda: build_now(lab, spec, name))


def build_now(lab: Lab, spec: BuildSpec, name: str) -> Image:
    """Get the bases, build, and look at the sizes."""
    file = spec.context / spec.dockerfile
    if not file.is_file():
        where = f"{spec.context.name}/{spec.dockerfile}"
        raise ContainerError(f"a file {where}", "no such file", "Write it, or name another one.")
    parsed = parse_dockerfile(file.read_text(encoding="utf-8", errors="replace"))
    for base in parsed.bases:
        get_base(lab, base)
    tag = f"{IMAGE}:{lab.run}-{name}-{secrets.token_hex(4)}"
    done = lab.command(make_command(lab, spec, tag), longest=LONGEST_BUILD)
    if done.returncode != 0:
        excuse_machine(done.stdout)
        raise ContainerError(
            expected=f"docker build {name} to end well",
            got="the build failed",
            next_step=f"Mend the step that the lines below name, and try docker build {name}.",
            log=cut_log(done.stdout),
        )
    built = inspect(lab, tag)
    keep_image(lab.engine, built.id, name)
    root = parsed.trace(parsed.find_stage(spec.target) or parsed.final)[-1].base
    below = inspect(lab, root).size if root != "scratch" else 0
    return Image(tag, built.size - below, "" if root == "scratch" else root)


def get_base(lab: Lab, tag: str) -> None:
    """Get an image that another one is built upon.

    Raises:
        ContainerError: the registry has no such image.
        ProbeError: it cannot be had here.
    """

    def get() -> str:
        if look_at(lab.engine, tag).origin == "missing":
            try:
                prepare(lab.engine, tag, lambda _line: None)
            except CourseError as error:
                raise ProbeError(error.problem, error.next_step) from error
        return tag

    lab.once(("base", tag), get)


def make_command(lab: Lab, spec: BuildSpec, tag: str = "") -> list[str]:
    """Return the command that builds; without a tag, nothing of what it makes is found again."""
    named = [f"--tag={tag}", f"--label={KEPT_LABEL}=1"] if tag else []
    told = [f"--build-arg={name}={value}" for name, value in spec.arguments]
    target = ["--target", spec.target] if spec.target else []
    given = [f"--file={spec.context / spec.dockerfile}", f"{spec.context}"]
    # The old builder leaves the container of a step that failed.
    return [lab.engine.program, "build", "--force-rm", *named, *told, *target, *given]


def inspect(lab: Lab, tag: str) -> Inspected:
    """Return what the engine knows of an image."""
    text = lab.engine.ask("image", "inspect", tag)
    return msgspec.json.decode(text, type=list[Inspected])[0]


def look_inside(lab: Lab, image: Image) -> tuple[str, ...]:
    """List the paths of the files of an image, once a run; nothing in it is run."""
    return lab.once(("inside", image.tag), lambda: export(lab, image))


def export(lab: Lab, image: Image) -> tuple[str, ...]:
    """Read the file system of a container that is never started."""
    program, label = lab.engine.program, f"--label={LABEL}={lab.run}"
    container = lab.engine.ask("create", label, image.tag, "nothing").splitlines()[-1]
    files = []
    with (
        subprocess.Popen([program, "export", container], stdout=subprocess.PIPE) as exporting,
        tarfile.open(fileobj=exporting.stdout, mode="r|") as archive,
    ):
        files = [member.name.removeprefix("./") for member in archive if not member.isdir()]
    lab.engine.run("rm", "--force", container)
    return tuple(files)
