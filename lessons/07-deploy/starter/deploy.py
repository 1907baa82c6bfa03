"""Put the app on Hugging Face Spaces: python deploy.py, or --dry-run to hear what that would do."""

import argparse
import sys

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

from deployment.errors import DeployError, explain
from deployment.migrate import migrate
from deployment.settings import BACKEND, FRONTEND, Settings, load_settings
from deployment.smoke import try_out
from deployment.spaces import configure, open_space, revive
from deployment.upload import list_files, upload
from deployment.wait import wait_until_running

EXPECTED = (HfHubHTTPError, LocalTokenNotFoundError, ValueError, httpx2.HTTPError)


def main() -> int:
    """Return the exit code: 0 when the app is up and answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    is_dry = parser.parse_args().dry_run
    try:
        settings = load_settings()
        api = HfApi(endpoint=settings.hf_endpoint, token=settings.read_token())
        owner = settings.space_owner or api.whoami()["name"]
        (describe if is_dry else deploy)(api, settings, owner)
    except DeployError as error:
        print(f"Not deployed: {error}", file=sys.stderr)
    except EXPECTED as error:
        print(f"Not deployed: {explain(error)}", file=sys.stderr)
    else:
        return 0
    return 1


def deploy(api: HfApi, settings: Settings, owner: str) -> None:
    """Bring both Spaces to what lies in the folders; once more, and only changes go up."""
    backend = open_space(api, settings.name_space(owner, "backend"), BACKEND)
    frontend = open_space(api, settings.name_space(owner, "frontend"), FRONTEND)
    # Settings come before the files: a build that does not know them would be for nothing.
    configure(api, backend, settings.secrets(), settings.backend_variables(frontend.address))
    configure(api, frontend, {}, settings.frontend_variables(backend.address))
    # The tables come before the code that needs them.
    migrate(settings.database_url)
    commits = {space: upload(api, space) for space in (backend, frontend)}
    for space, commit in commits.items():
        revive(api, space, commit)
        wait_until_running(api, space, commit, settings.deploy_timeout_seconds)
    try_out(backend.address, frontend.address)
    print(f"Deployed: {frontend.address} (its backend: {backend.address})")


def describe(_api: HfApi, settings: Settings, owner: str) -> None:
    """Say what `deploy` would do. Nothing is changed; of secrets, the names are shown."""
    for part, folder in (("backend", BACKEND), ("frontend", FRONTEND)):
        secrets = settings.secrets() if part == "backend" else {}
        files = list_files(folder)
        print(f"Would create or update the Space {settings.name_space(owner, part)}")
        print(f"  secrets: {', '.join(secrets) or 'none'}")
        print(f"  {len(files)} files: {', '.join(files)}")


if __name__ == "__main__":
    raise SystemExit(main())
