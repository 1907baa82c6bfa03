// Draws what the server tells. Every text goes in as text: a name can be no markup.
const LATE = 10 * 60; // seconds without progress after which somebody may be stuck
const MOST_LISTED = 5;
const rows = new Map();
const tiles = new Map();
let ahead = 0; // of the server's clock before ours, in seconds
let ends = null;

const find = (id) => document.getElementById(id);
const now = () => Date.now() / 1000 + ahead;
const pad = (number) => String(number).padStart(2, "0");

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function tellAge(at) {
  const minutes = Math.floor(Math.max(0, now() - at) / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function fill(list, items, empty) {
  list.replaceChildren(...(items.length ? items : [make("li", "quiet", empty)]));
}

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) find("state").textContent = (await answer.json()).detail;
}

function makeTile(row) {
  const tile = make("li");
  const name = make("span", "name");
  const where = make("span", "quiet");
  const bar = make("progress");
  const open = make("span", "quiet open");
  const since = make("span", "since quiet");
  tile.append(name, " ", where, " ", since, bar, open);
  tiles.set(row.id, { tile, name, where, bar, open, since });
  return tile;
}

function drawTile(row) {
  if (!tiles.has(row.id)) place(makeTile(row), row);
  const { tile, name, where, bar, open } = tiles.get(row.id);
  name.textContent = row.name;
  where.textContent = row.lesson ? `L${row.lesson}, ${row.passed} of ${row.total}` : "not begun";
  bar.hidden = !row.lesson;
  bar.max = row.total || 1;
  bar.value = row.passed;
  bar.setAttribute("aria-label", `Checks of ${row.name}`);
  open.textContent = row.done ? "all checks pass" : row.check && `${row.task} ${row.title}`;
  tile.classList.toggle("done", row.done);
  tile.classList.toggle("hand", row.hand !== null);
  drawAge(row);
}

function place(tile, row) {
  const list = find("learners");
  const key = (id) => rows.get(id).name.toLocaleLowerCase();
  const next = [...list.children].find((other) => key(Number(other.dataset.id)) > key(row.id));
  tile.dataset.id = row.id;
  list.insertBefore(tile, next ?? null);
}

function drawAge(row) {
  const { tile, since } = tiles.get(row.id);
  const isOpen = row.lesson > 0 && !row.done;
  since.textContent = isOpen ? `· ${tellAge(row.moved)}` : "";
  tile.classList.toggle("late", isOpen && now() - row.moved > LATE);
}

function makeHand(row) {
  const item = make("li");
  const lower = make("button", "", "Helped");
  lower.setAttribute("aria-label", `Helped ${row.name}`);
  lower.addEventListener("click", () => send("/api/lower", { id: row.id }));
  item.append(make("span", "name", row.name), ` ${row.task} `, make("span", "age"), " ", lower);
  return item;
}

// Drawn anew only when somebody is helped or asks for help: a button keeps the focus meanwhile.
function drawHands() {
  const up = [...rows.values()].filter((row) => row.hand !== null).sort((a, b) => a.hand - b.hand);
  const shown = up.map((row) => `${row.id} ${row.task}`).join();
  const list = find("hands");
  if (shown !== list.dataset.shown) {
    const hadFocus = list.contains(document.activeElement);
    fill(list, up.map(makeHand), "Nobody.");
    list.dataset.shown = shown;
    if (hadFocus) (list.querySelector("button") ?? find("hands-title")).focus();
  }
  list.querySelectorAll(".age").forEach((age, at) => (age.textContent = tellAge(up[at].hand)));
}

function drawStuck() {
  const open = [...rows.values()].filter((row) => row.check && now() - row.moved >= 60);
  open.sort((a, b) => a.moved - b.moved);
  const items = open.slice(0, MOST_LISTED).map((row) => {
    const item = make("li");
    item.append(make("span", "name", row.name), ` ${tellAge(row.moved)}, ${row.task} `);
    item.append(make("span", "quiet", row.title));
    return item;
  });
  fill(find("stuck"), items, "Nobody.");
}

function drawRoom(told) {
  find("join").textContent = told.join;
  fill(
    find("hard"),
    told.hard.map((check) => make("li", "", `${check.count} × ${check.task} ${check.title}`)),
    "Nothing so far.",
  );
  fill(
    find("lessons"),
    told.lessons.map(({ number, title, count }) =>
      make("li", "", `${count} × ${number ? `lesson ${number}, ` : ""}${title}`),
    ),
    "Nobody is here yet.",
  );
  find("count").textContent = `${rows.size}`;
}

function drawTimer() {
  const left = ends === null ? 0 : Math.max(0, Math.round(ends - now()));
  const hours = Math.floor(left / 3600);
  const rest = `${pad(Math.floor(left / 60) % 60)}:${pad(left % 60)}`;
  find("timer").hidden = ends === null;
  find("timer").textContent = left ? `${hours ? `${hours}:` : ""}${rest}` : "Time is up";
}

function tick() {
  drawTimer();
  rows.forEach(drawAge);
  drawHands();
  drawStuck();
}

function take(told) {
  ahead = told.now - Date.now() / 1000;
  ends = told.ends;
  const gone = told.all ? [...rows.keys()].filter((id) => !told.rows.some((r) => r.id === id)) : told.gone;
  for (const id of gone) {
    rows.delete(id);
    tiles.get(id)?.tile.remove();
    tiles.delete(id);
  }
  for (const row of told.rows) rows.set(row.id, row);
  told.rows.forEach(drawTile);
  drawRoom(told);
  drawTimer();
  drawHands();
  drawStuck();
}

// The list is made when it is needed: it would close under the hand that chooses.
find("who").addEventListener("focus", () => {
  const all = [...rows.values()].sort((a, b) => a.name.localeCompare(b.name));
  find("who").replaceChildren(...all.map((row) => new Option(row.name, row.id)));
});
find("removal").addEventListener("submit", (event) => {
  event.preventDefault();
  const row = rows.get(Number(find("who").value));
  if (row && confirm(`Remove ${row.name}? They can join again.`)) send("/api/remove", { id: row.id });
});

const events = new EventSource("/events");
events.addEventListener("change", (event) => take(JSON.parse(event.data)));
events.addEventListener("open", () => (find("state").textContent = ""));
events.addEventListener("error", () => (find("state").textContent = "Not connected: trying again …"));
find("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  send("/api/timer", { minutes: Number(find("minutes").value) });
});
find("stop").addEventListener("click", () => send("/api/timer", { minutes: 0 }));
setInterval(tick, 1000);
