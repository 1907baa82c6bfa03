"""Look at the container engine, Docker or Podman, at its compose, and at what the course keeps."""

import platform
import shutil

from checker.doctor.ask import Answer, ask
from checker.doctor.finding import CONTAINER_LESSONS, Finding, Status
from checker.doctor.mend import as_this_user, tell_how_to_install

ENGINE = "container engine"
COMPOSE = "compose"
KEPT = "kept images"
KEPT_REPOSITORY, KEPT_LABEL = "course-kept", "course.check"
ENGINES = {
    "docker": ("docker", "info", "--format", "{{.ServerVersion}}"),
    "podman": ("podman", "info", "--format", "{{.Version.Version}}"),
}
COMPOSERS = (
    ("docker", "compose", "version"),
    ("docker-compose", "version"),
    ("podman", "compose", "version"),
    ("podman-compose", "version"),
)


def choose_engine() -> str | None:
    """Return the first engine that answers."""
    return next((name for name, command in ENGINES.items() if answers(ask(*command))), None)


def choose_compose() -> tuple[str, ...] | None:
    """Return the first command that understands a compose file, less its `version`."""
    return next((command[:-1] for command in COMPOSERS if answers(ask(*command))), None)


def answers(answer: Answer | None) -> bool:
    """Tell whether a program is there and works: a client alone builds nothing."""
    return answer is not None and answer.is_success and bool(answer.version)


def look_at_engine() -> Finding:
    """Ask the engines whether they answer."""
    said = {name: ask(*command) for name, command in ENGINES.items()}
    for name, answer in said.items():
        if answer and answers(answer):
            return report(ENGINE, Status.OK, f"{name} {answer.version}")
    docker = said["docker"]
    if docker is None:
        found = "neither docker nor podman works"
        return report(ENGINE, Status.MISSING, found, tell_how_to_install("engine"))
    return report(ENGINE, Status.MISSING, *explain_silence(docker))


def explain_silence(docker: Answer) -> tuple[str, str]:
    """Return why there is a docker command and no engine, and what mends it."""
    if "permission denied" in docker.text.lower():
        mend = "sudo usermod -aG docker $USER   (then log out and in again)"
        return "docker is there, but this user may not use it", mend
    if platform.system() != "Linux":
        return "docker is there, but its engine does not answer", "Start Docker Desktop."
    if shutil.which("dockerd") is None:
        found = "only docker's client is there, no engine"
        return found, tell_how_to_install("engine")
    mend = as_this_user("sudo systemctl start docker")
    return "docker is there, but its engine does not answer", mend


def look_at_compose() -> Finding:
    """Look for any of the commands that understand a compose file."""
    for command in COMPOSERS:
        answer = ask(*command)
        if answer and answers(answer):
            return report(COMPOSE, Status.OK, f"{' '.join(command[:-1])} {answer.version}")
    return report(COMPOSE, Status.MISSING, "not found", tell_how_to_install("compose"))


def look_at_kept_images() -> Finding:
    """Count what the checks of lesson 6 keep for the next time, and say how to be rid of it."""
    engine = choose_engine()
    if engine is None:
        return report(KEPT, Status.OK, "none, since no engine answers")
    listed = ask(engine, "images", "--format", "{{.Repository}}", KEPT_REPOSITORY)
    count = listed.text.split().count(KEPT_REPOSITORY) if listed else 0
    if not count:
        return report(KEPT, Status.OK, "none")
    room = ask(engine, "system", "df", "--format", "{{.Type}} {{.Size}}")
    lines = room.text.splitlines() if room and room.is_success else []
    sizes = " and ".join(line for line in lines if line.startswith(("Images", "Build")))
    told = f"{count} of your app, for the next check (all in all: {sizes or 'unknown'})"
    return report(KEPT, Status.OK, f"{told}. To be rid of them: ./course images --clear")


def report(name: str, status: Status, detail: str, mend: str | None = None) -> Finding:
    """Make a finding for the lessons with containers."""
    return Finding(name=name, status=status, detail=detail, lessons=CONTAINER_LESSONS, mend=mend)
