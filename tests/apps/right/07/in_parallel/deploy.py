"""Deploy both parts at the same time: each is a pipeline of steps that report as JSON lines."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

ROOT: Final = Path(__file__).resolve().parent
SENT: Final = {
    "backend": [
        *("app/**", "migrations/**", "alembic.ini", "healthcheck.py", "requirements.txt"),
        *("Dockerfile", ".dockerignore", "README.md"),
    ],
    "frontend": [
        *("src/**", "public/**", "*.ts", "*.mjs", "*.json", ".npmrc"),
        *("Dockerfile", ".dockerignore", "README.md"),
    ],
}
NEVER_SENT: Final = ["*.env", "*.env.*", "*__pycache__*", "*node_modules*", ".next/*", ".venv/*"]
log = logging.getLogger("deploy")


class DeploymentError(RuntimeError):
    """Told to whoever deploys, as it is."""


class Verdict(enum.Enum):
    PENDING = "pending"
    GOOD = "good"
    BAD = "bad"

    @classmethod
    def of(cls, stage: str, running: str | None, wanted: str) -> Verdict:
        if stage.endswith("_ERROR") or stage in {"NO_APP_FILE", "PAUSED", "STOPPED"}:
            return cls.BAD
        return cls.GOOD if stage == "RUNNING" and running in {None, wanted} else cls.PENDING


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that the environment says."""

    name: str
    patience: float
    secrets: Mapping[str, str] = dataclasses.field(repr=False)
    model: Mapping[str, str]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Config:
        names = ("DATABASE_URL", "BETTER_AUTH_SECRET", "OPENAI_API_KEY")
        if missing := [name for name in names if not env.get(name)]:
            raise DeploymentError(f"not set: {', '.join(missing)}")
        return cls(
            name=env.get("SPACE_NAME", "taskboard"),
            patience=float(env.get("DEPLOY_TIMEOUT_SECONDS", "900")),
            secrets={name: env[name] for name in names},
            model={n: env[n] for n in ("OPENAI_BASE_URL", "OPENAI_MODEL") if env.get(n)},
        )


@dataclasses.dataclass(slots=True, kw_only=True)
class Part:
    """One half of the app on its way to the Hub."""

    api: HfApi
    repo: str
    folder: Path
    patience: float
    secrets: Mapping[str, str]
    variables: dict[str, str]
    host: str = ""
    commit: str = ""

    async def create(self) -> None:
        def work() -> str:
            self.api.create_repo(
                self.repo,
                repo_type="space",
                space_sdk="docker",
                exist_ok=True,
                space_secrets=[{"key": k, "value": v} for k, v in self.secrets.items()],
                space_variables=[{"key": k, "value": v} for k, v in self.variables.items()],
            )
            return self.api.space_info(self.repo).host or ""

        self.host = await asyncio.to_thread(work)
        say("created", self, host=self.host)

    async def configure(self) -> None:
        def work() -> None:
            known = self.api.get_space_variables(self.repo)
            for key, value in self.variables.items():
                if key not in known or known[key].value != value:
                    self.api.add_space_variable(self.repo, key, value)
            for key, value in self.secrets.items():
                self.api.add_space_secret(self.repo, key, value)

        await asyncio.to_thread(work)
        say("configured", self)

    async def upload(self) -> None:
        def work() -> str:
            done = self.api.upload_folder(
                repo_id=self.repo,
                folder_path=self.folder,
                repo_type="space",
                allow_patterns=SENT[self.folder.name],
                ignore_patterns=NEVER_SENT,
                delete_patterns=["*"],
            )
            return str(done.oid)

        self.commit = await asyncio.to_thread(work)
        say("uploaded", self, commit=self.commit)

    async def follow(self) -> None:
        try:
            async with asyncio.timeout(self.patience):
                while (verdict := await self.look()) is Verdict.PENDING:
                    await asyncio.sleep(0.4)
        except TimeoutError:
            raise DeploymentError(f"{self.repo} is not up after {self.patience:g} s") from None
        if verdict is Verdict.BAD:
            await asyncio.to_thread(self.print_log)
            raise DeploymentError(f"{self.repo}: the build failed, or the app ended (see its log)")
        say("running", self)

    async def look(self) -> Verdict:
        runtime = await asyncio.to_thread(self.api.get_space_runtime, self.repo)
        return Verdict.of(runtime.stage, runtime.raw.get("sha"), self.commit)

    def print_log(self) -> None:
        for line in self.api.fetch_space_logs(self.repo, build=True, follow=False):
            say("log", self, line=line.rstrip())


def say(event: str, part: Part, **more: str) -> None:
    log.info(json.dumps({"event": event, "space": part.repo, **more}))


async def every(parts: list[Part], step: Callable[[Part], Awaitable[None]]) -> None:
    """Take one step with all parts; what goes wrong first is raised once all have ended."""
    done = await asyncio.gather(*map(step, parts), return_exceptions=True)
    if failed := next((result for result in done if isinstance(result, BaseException)), None):
        raise failed


async def migrate(config: Config) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "alembic", "upgrade", "head"),
        cwd=ROOT / "backend",
        env={**os.environ, "DATABASE_URL": config.secrets["DATABASE_URL"]},
        stderr=asyncio.subprocess.PIPE,
    )
    _, stderr = await process.communicate()
    if process.returncode:
        reasons = [line for line in stderr.decode().splitlines() if "Error" in line]
        raise DeploymentError(f"alembic upgrade head failed: {' '.join(reasons[-1:])}")


async def smoke(addresses: list[str]) -> None:
    async with httpx2.AsyncClient(follow_redirects=True, timeout=10) as client:
        for answer in await asyncio.gather(*map(client.get, addresses)):
            if answer.status_code != 200:
                raise DeploymentError(f"{answer.url} answers {answer.status_code}")


async def deploy(*, dry: bool) -> None:
    config, api = Config.from_env(os.environ), HfApi()
    owner = (await asyncio.to_thread(api.whoami))["name"]

    def make(name: str, secrets: Mapping[str, str], variables: dict[str, str]) -> Part:
        repo = f"{owner}/{config.name}-{name}"
        settings = {"secrets": secrets, "variables": {"PORT": "7860", **variables}}
        return Part(
            api=api, repo=repo, folder=ROOT / name, patience=config.patience, **settings
        )

    backend = make("backend", config.secrets, dict(config.model))
    frontend = make("frontend", {}, {})
    parts = [backend, frontend]
    if dry:
        for part in parts:
            say("would deploy", part, folder=str(part.folder))
        return
    await every(parts, Part.create)
    backend.variables["CORS_ORIGINS"] = frontend.host
    frontend.variables["NEXT_PUBLIC_API_URL"] = backend.host
    await every(parts, Part.configure)
    await migrate(config)
    for step in (Part.upload, Part.follow):
        await every(parts, step)
    await smoke([f"{backend.host}/health", f"{backend.host}/ready", f"{frontend.host}/login"])


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    log.setLevel(logging.INFO)
    try:
        asyncio.run(deploy(dry="--dry-run" in sys.argv))
    except HfHubHTTPError as error:
        print(f"The Hub said no ({error.response.status_code}).", file=sys.stderr)
    except (DeploymentError, OSError, ValueError) as error:  # OSError: there is no token
        print(f"{error}", file=sys.stderr)
    except httpx2.HTTPError as error:
        print(f"No connection to the Hub or to the app: {type(error).__name__}", file=sys.stderr)
    else:
        return 0
    return 3


if __name__ == "__main__":
    sys.exit(main())
