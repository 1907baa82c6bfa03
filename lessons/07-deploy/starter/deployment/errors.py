"""Say in plain words why a deployment failed, and what to do."""

from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError


class DeployError(Exception):
    """The deployment failed; the text is for whoever deploys."""


# TODO L7.6: a sentence for each status that the Hub may answer, with the next step.
ADVICE: dict[int, str] = {}


def explain(error: Exception) -> str:
    """Return the fact, then the next step."""
    # TODO L7.6: look at the error's kind and status. No text of a request: it could hold a secret.
    raise error
