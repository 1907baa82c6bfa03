"""L5.1: limits are checked when the app starts, and a key may be missing."""

from checker.checks.declare import check
from checker.checks.expect import expect, expect_status
from checker.checks.fixtures import Changes, Variants
from checker.checks.setting_expectations import expect_refusal
from checker.checks.steps import User, add_task, list_tasks
from checker.judge.inputs import Inputs
from checker.judge.variables import MODEL_KEY

REFUSED = {
    "CHAT_MAX_STEPS": "many",
    "CHAT_MAX_OUTPUT_TOKENS": "0",
    "CHAT_DAILY_TOKENS": "-1",
    "OPENAI_TIMEOUT_SECONDS": "0",
}
ODD_KEY = "test-only key-with-a-space"


def list_variants() -> dict[str, Changes]:
    """Name the backends with other settings that these checks look at."""
    return {
        "no_model_key": {MODEL_KEY: None},
        "odd_model_key": {MODEL_KEY: ODD_KEY},
        **{name.lower(): {name: value} for name, value in REFUSED.items()},
    }


@check("L5.1", points=0, needs=("list_is_newest_first",))
def test_app_starts_without_model_key(variants: Variants, user: User, inputs: Inputs) -> None:
    """Without OPENAI_API_KEY the app starts, and everything but the chat works."""
    backend = variants.open("no_model_key")
    step = "Give openai_api_key the default None, and look at it when somebody asks the chatbot."
    expect_status(backend.get("/health"), 200, step)
    expect_status(add_task(backend, user, inputs.make_title()), 201, step)
    expect_status(list_tasks(backend, user), 200, step)


@check("L5.1", points=3, needs=("health_answers_ok",))
def test_odd_chat_settings_are_refused(variants: Variants) -> None:
    """With a limit that cannot be one the app refuses to start and names the variable."""
    for name, value in REFUSED.items():
        step = f"Bound {name.lower()} in backend/app/settings.py, as the table of L5.1 says."
        expect_refusal(variants.find_process(name.lower()), name, f"with {name}={value}", step)


@check("L5.1", points=3, needs=("health_answers_ok",))
def test_odd_model_key_is_refused(variants: Variants) -> None:
    """With a space in OPENAI_API_KEY the app refuses to start, and does not show the key."""
    process = variants.find_process("odd_model_key")
    step = "Refuse a key that is no single word of plain signs: refuse_odd_key in settings.py."
    expect_refusal(process, MODEL_KEY, f"with a space in {MODEL_KEY}", step)
    log = process.output.read_since()
    expect(
        ODD_KEY not in log,
        expected="a message that does not show the key",
        got="the whole key in the output",
        next_step="Let the field be a SecretStr, and hide_input_in_errors be on.",
    )
