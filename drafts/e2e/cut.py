"""Try the task regions: copy the frontend, put each task's stub in, and leave it to tsc and next build.

python cut.py FRONTEND TARGET

A region is (task, file, its first line, its last line, the stub); both lines belong to the region.
"""

import shutil
import sys
from pathlib import Path

source, target = Path(sys.argv[1]), Path(sys.argv[2])

REGIONS = [
    ("L4.1", "lib/api-client.ts",
     "  const token = call.token === undefined ? readToken() : call.token;", "  throw explainRefusal(status, body);",
     "  // TODO L4.1: send the call with the session's token. Return the body of an answer that is ok.\n"
     "  // On a 401 to a token, end the session. Throw what explainRefusal says of any refusal.\n"
     "  throw new ApiError(`TODO L4.1: ${path} is not called yet.`, 0);"),
    ("L4.1", "lib/api-client.ts",
     "  if (readToken() === refused) removeToken();", "  if (readToken() === refused) removeToken();",
     "  // TODO L4.1: remove the refused token, if it is still the one that is kept."),
    ("L4.2", "lib/api-error.ts",
     "  const detail = isRecord(body) ? body.detail : undefined;", "  if (typeof detail === 'string' && detail !== '') return new ApiError(detail, status);",
     "  // TODO L4.2: `detail` is a sentence, or FastAPI's list: then readFieldErrors reads the fields."),
    ("L4.2", "lib/api-error.ts",
     "  for (const problem of detail) {", "  }",
     "  // TODO L4.2: the last part of each `loc` names a field; its `msg` says what is wrong with it."),
    ("L4.3", "context/auth-context.tsx",
     "    const { access_token } = await createToken(email, password);", "    saveToken(access_token);",
     "    // TODO L4.3: get a token, ask whose it is, remember that check, and save the token.\n"
     "    throw new ApiError('TODO L4.3: nobody can sign in yet.', 0);"),
    ("L4.3", "context/auth-context.tsx",
     "  // Who signs out leaves no check behind: one that is still here tells of a session that ended.", "  return { status: 'signed-in', user: check.user };",
     "  // TODO L4.3: without a token, signed out. With one: checking, until there is a check of this\n"
     "  // very token; then unknown after an error, or signed in.\n"
     "  return { status: 'signed-out', hasEnded: false };"),
    ("L4.3", "context/auth-context.tsx",
     "      setCheck(null);", "      removeToken();",
     "      // TODO L4.3: forget the check, then the token."),
    ("L4.4", "components/auth/gate.tsx",
     "    if (isWrongPlace) router.replace(otherwise);", "    if (isWrongPlace) router.replace(otherwise);",
     "    // TODO L4.4: whoever is in the wrong place goes where `otherwise` says."),
    ("L4.4", "components/auth/gate.tsx",
     "  if (state.status !== admits) return <Loading />;", "  if (state.status !== admits) return <Loading />;",
     "  // TODO L4.4: show the children to those it admits, and <Loading /> to all others."),
    ("L4.5", "lib/use-action.ts",
     "    if (isRunning.current) return;", "    }",
     "    // TODO L4.5: once at a time; say that it runs; keep the error when it fails.\n"
     "    await action(...args);"),
    ("L4.5", "components/auth/login-form.tsx",
     "      <Field", "      </Button>",
     "      {/* TODO L4.5: the fields Email (username) and Password, and the button Sign in. */}"),
    ("L4.5", "components/auth/register-form.tsx",
     "      {alert && <ErrorAlert error={alert} />}", "      </Button>",
     "      {/* TODO L4.5: the alert, the fields Name, Email and Password, and the button. */}"),
    ("L4.6", "services/tasks.ts",
     "  const query = new URLSearchParams({ limit: String(PAGE_SIZE), offset: String(offset) });", "  return callApi(`/api/tasks?${query}`, { signal });",
     "  // TODO L4.6: ask for PAGE_SIZE tasks from this offset on; a filter but `all` is the status.\n"
     "  throw new ApiError('TODO L4.6: the tasks are not loaded yet.', 0);"),
    ("L4.6", "lib/task-page.ts",
     "  const known = new Set(page.items.map((item) => item.id));", "  return { ...page, items, total: fresh.length > 0 ? next.total : items.length };",
     "  // TODO L4.6: append what is new; without anything new, this is the end.\n  return page;"),
    ("L4.6", "components/tasks/task-board.tsx",
     "      {error && <LoadingError error={error} onRetry={load} />}", "      {page?.total === 0 && <p className={styles.empty}>{describeEmpty(filter)}</p>}",
     "      {/* TODO L4.6: the error with Try again; loading; no tasks. */}"),
    ("L4.7", "components/tasks/use-task-actions.ts",
     "    async add(title: string): Promise<void> {", "      tell(`Deleted “${task.title}”.`);",
     "    // TODO L4.7: each asks the backend, shows its answer, and tells what was done.\n"
     "    async add(_title: string): Promise<void> {},\n"
     "    async edit(_task: Task, _changes: TaskChanges): Promise<void> {},\n"
     "    async remove(_task: Task): Promise<void> {"),
    ("L4.7", "components/tasks/use-task-actions.ts",
     "    rescueFocus(neighbour && checkboxId(neighbour.id), NEW_TASK);", "    rescueFocus(neighbour && checkboxId(neighbour.id), NEW_TASK);",
     "    // TODO L4.7: the focus must not be lost with a task that goes."),
    ("L4.7", "components/tasks/edit-task-form.tsx",
     "  const status = statuses.find((known) => known === values.status);", "  if (status && status !== task.status) changes.status = status;",
     "  // TODO L4.7: only what differs from the task."),
    ("L4.7", "components/tasks/delete-task-dialog.tsx",
     "    if (!dialog.current?.open) dialog.current?.showModal();", "    if (!dialog.current?.open) dialog.current?.showModal();",
     "    // TODO L4.7: open the dialog so that the page behind it is out of reach."),
]

IMPORTS = {"services/tasks.ts": "import { ApiError } from '@/lib/api-error';\n"}

shutil.rmtree(target, ignore_errors=True)
shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", ".next", "*.tsbuildinfo"))
cut_lines = 0
for task, name, first, last, stub in REGIONS:
    path = target / "src" / name
    lines = path.read_text().splitlines()
    start = lines.index(first)
    end = lines.index(last, start)
    cut_lines += end - start + 1
    print(f"{task} {name}: {end - start + 1} lines")
    path.write_text("\n".join([*lines[:start], *stub.splitlines(), *lines[end + 1:]]) + "\n")
for name, line in IMPORTS.items():
    path = target / "src" / name
    path.write_text(path.read_text().replace("import {", line + "import {", 1))
print(cut_lines, "lines cut")
