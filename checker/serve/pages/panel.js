// Shows how the tasks of the lesson stand. Every text goes in as text: an app can send no markup.
const MARKS = { passed: "✓", failed: "✗", skipped: "·", error: "!" };
const ENDINGS = {
  passed: "passed",
  failed: "failed",
  skipped: "not run: something before it fails",
  error: "could not be checked",
};
const panel = document.getElementById("panel");
const site = document.getElementById("site"); // is there where a lesson is bare text
const find = (part) => panel.querySelector(`[data-part="${part}"]`);
const lesson = Number(panel.dataset.lesson);

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const told = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
}

// What is known

function showResult(result) {
  const item = document.querySelector(`[data-check="${result.id}"]`);
  if (!item) return;
  forgetResult(item);
  item.className = `check ${result.outcome}`;
  item.querySelector(".mark").textContent = MARKS[result.outcome];
  item.append(make("span", "ending", ` (${ENDINGS[result.outcome]})`));
  if (result.outcome === "failed" || result.outcome === "error") item.append(makeFinding(result));
  showTask(item.closest(".task"));
}

function forgetResult(item) {
  item.className = "check";
  item.querySelector(".mark").textContent = "·";
  item.querySelector(".ending")?.remove();
  item.querySelector("dl")?.remove();
  showTask(item.closest(".task"));
}

function makeFinding({ id, finding, picture }) {
  const list = make("dl");
  for (const [label, text] of Object.entries(finding)) {
    const isCode = label === "try" || label === "log";
    const value = make("dd");
    value.append(make(isCode ? "pre" : "p", "", text));
    if (isCode) value.firstChild.tabIndex = 0;
    list.append(make("dt", "", label), value);
  }
  if (picture) {
    const image = make("img");
    image.src = `/api/picture/${id}?${Date.now()}`;
    image.alt = "The page as it was when the check failed";
    const value = make("dd");
    value.append(image);
    list.append(make("dt", "", "page"), value);
  }
  return list;
}

function showTask(task) {
  const checks = [...task.querySelectorAll(".check")];
  const passed = checks.filter((check) => check.classList.contains("passed")).length;
  const isRed = checks.some((check) => check.matches(".failed, .error"));
  task.querySelector(".count").textContent = `${passed} of ${checks.length}`;
  task.classList.toggle("done", passed === checks.length);
  task.classList.toggle("red", isRed);
}

// Unfolds what to mend first, unless the learner has unfolded something.
function openFirst() {
  if (!panel.querySelector("details[open]"))
    panel.querySelector(".task.red details")?.setAttribute("open", "");
}

function showState(state) {
  if (!state.busy) openFirst();
  const where = state.lesson ? `You are in lesson ${state.lesson}. ` : "";
  find("state").textContent = state.failed || `${where}${state.said}`;
  find("state").classList.toggle("bad", Boolean(state.failed));
  panel.classList.toggle("busy", state.busy);
  find("start").hidden = state.lesson >= lesson;
  find("reset").hidden = state.lesson < lesson;
  find("solution").hidden = !state.lesson;
  if (site && state.site) showSite(state.site);
}

// The bare text makes way for the site's page as soon as that is there.
function showSite(told) {
  if (told !== "ready") site.textContent = `${told} This is the bare text of the lesson.`;
  else if (!find("dialog").open) location.reload();
  else find("dialog").addEventListener("close", () => location.reload());
}

// What can be done

function say(title, content, yes, act) {
  find("title").textContent = title;
  find("text").replaceChildren(content);
  find("yes").hidden = !yes;
  find("yes").textContent = yes ?? "";
  find("yes").onclick = act ?? null;
  if (!find("dialog").open) find("dialog").showModal();
}

const showDone = (title, text) => say(title, Object.assign(make("pre", "", text), { tabIndex: 0 }));

function offer(button, title, what, yes, act) {
  find(button).addEventListener("click", () =>
    say(title, make("p", "", what), yes, async () => {
      find("yes").disabled = true;
      try {
        await act();
      } catch (error) {
        showDone("That was not possible", error.message);
      } finally {
        find("yes").disabled = false;
      }
    }),
  );
}

function offerAll() {
  offer(
    "check",
    "Check everything?",
    "Every check of your lesson runs once more. Your files are only read.",
    "Check everything",
    async () => {
      await ask("/api/check", {});
      find("dialog").close();
    },
  );
  offer(
    "start",
    `Start lesson ${lesson}?`,
    "What the lesson adds is merged into your files, as a new commit. What you have not committed is committed first.",
    `Start lesson ${lesson}`,
    async () => showDone(`Lesson ${lesson}`, (await ask("/api/start", { lesson })).text),
  );
  offer(
    "reset",
    `Begin lesson ${lesson} again?`,
    "The files of the course go back to where you began this lesson, as a new commit: its tasks are open again, and so are those of later lessons. Your files are committed first, so nothing is lost, and files of your own stay.",
    `Begin lesson ${lesson} again`,
    async () => showDone(`Lesson ${lesson}`, (await ask("/api/reset", { lesson })).text),
  );
  offer(
    "solution",
    "Show the solution?",
    "You see how the finished files of this lesson differ from yours: a line with + is what they have, a line with - is what yours has instead. Nothing is changed. Have you asked for all the hints?",
    "Show it",
    async () => say("The solution", paintDiff((await ask(`/api/solution/${lesson}`)).text)),
  );
  find("no").addEventListener("click", () => find("dialog").close());
}

function paintDiff(text) {
  const all = make("pre", "diff");
  all.tabIndex = 0;
  for (const line of text.split("\n")) {
    const kind = { "+": "added", "-": "taken" }[line[0]] ?? "";
    all.append(make("span", kind, `${line}\n`));
  }
  return all;
}

// Hints: one level at a time, and those that were asked for stay

const key = (task) => `hints ${task.dataset.task}`;

async function showHint(task, level) {
  const { text } = await ask(`/api/hint/${task.dataset.task}/${level}`);
  const most = Number(task.dataset.hints);
  const hint = make("div", "hint-text");
  hint.append(make("h3", "", `Hint ${level} of ${most}`), make("pre", "", text));
  task.querySelector(".hints").append(hint);
  task.querySelector("button.hint").hidden = level >= most;
}

async function restoreHints(task) {
  const shown = Number(localStorage.getItem(key(task)) ?? 0);
  for (let level = 1; level <= shown; level++) await showHint(task, level);
  task.querySelector("button.hint").addEventListener("click", async (event) => {
    event.target.disabled = true;
    const level = task.querySelectorAll(".hint-text").length + 1;
    await showHint(task, level).finally(() => (event.target.disabled = false));
    localStorage.setItem(key(task), level);
  });
}

// A browser opens few connections to one server, and tabs in the background would use them up.
function listen() {
  let events = document.hidden ? null : hearAll();
  document.addEventListener("visibilitychange", () => {
    events?.close();
    events = document.hidden ? null : hearAll();
  });
}

function hearAll() {
  const events = new EventSource("/api/events");
  const hear = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  hear("all", (all) => {
    document.querySelectorAll(".check").forEach(forgetResult);
    all.results.forEach(showResult);
    showState(all);
  });
  hear("state", showState);
  hear("result", showResult);
  events.addEventListener("error", () => {
    find("state").textContent = "./course serve has stopped. Start it again: nothing is lost.";
  });
  return events;
}

// The hand of somebody who has joined the board of a room

const OFTEN = 10_000; // ms: an instructor may put a hand down

async function showHand(asked) {
  try {
    const { name, up } = await asked;
    find("room").hidden = !name;
    find("hand").textContent = up ? "Put your hand down" : "Put your hand up";
    find("hand").setAttribute("aria-pressed", up);
    find("hand-state").textContent = up ? `Your hand is up, ${name}.` : `On the board as ${name}.`;
  } catch (error) {
    find("room").hidden = false;
    find("hand-state").textContent = error.message;
  }
}

function followHand() {
  const look = () => document.hidden || showHand(ask("/api/hand"));
  const isUp = () => find("hand").getAttribute("aria-pressed") === "true";
  find("hand").addEventListener("click", () => showHand(ask("/api/hand", { up: !isUp() })));
  document.addEventListener("visibilitychange", look);
  setInterval(() => isUp() && look(), OFTEN);
  look();
}

document.querySelectorAll(".task").forEach((task) => {
  showTask(task);
  restoreHints(task);
});
offerAll();
followHand();
listen();
