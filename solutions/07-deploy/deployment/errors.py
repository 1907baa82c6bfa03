"""Say in plain words why a deployment failed, and what to do."""

from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError


class DeployError(Exception):
    """The deployment failed; the text is for whoever deploys."""


ADVICE = {
    401: "the Hub does not know this token (401). Make one with the role `write` at "
    "https://huggingface.co/settings/tokens, and set HF_TOKEN.",
    402: "the Hub wants to be paid (402): Docker Spaces need a PRO subscription. Rehearse with "
    "./course hub, which costs nothing, or deploy the images elsewhere.",
    403: "the token may not do this (403). It needs the role `write`, and SPACE_OWNER must be you "
    "or an organisation of yours.",
    404: "the Hub knows no such Space (404). Was it deleted or renamed meanwhile?",
    409: "somebody else has changed the Space at the same time (409). Deploy again.",
    429: "the Hub has had too many requests from you (429). Wait some minutes, and deploy again.",
}
OTHERS = "the Hub answers {status}. Look at https://status.huggingface.co, and deploy again later."


def explain(error: Exception) -> str:
    """Return the fact, then the next step. No text of a request: it could hold a secret."""
    if isinstance(error, LocalTokenNotFoundError):
        return "there is no token. Set HF_TOKEN, or log in with `hf auth login`."
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        return ADVICE.get(status, OTHERS.format(status=status))
    if isinstance(error, HFValidationError):
        return (
            "the Hub takes no such name. SPACE_NAME, and SPACE_OWNER if you set it, may have "
            "letters, digits, -, _ and . and nothing else."
        )
    if "Invalid metadata in README.md" in str(error):
        reasons = str(error).partition("README.md.")[2].strip()
        return f"the front matter of a README.md is wrong.\n{reasons}"
    return (
        f"the Hub cannot be reached ({type(error).__name__}). Is HF_ENDPOINT its address? "
        "Try again: what is there is used."
    )
