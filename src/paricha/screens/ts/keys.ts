// Keys, dialogs, toasts, the clock. Everything works without this file but the keys themselves.

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const all = <T extends Element>(selector: string, under: ParentNode = document): T[] => Array.from(under.querySelectorAll<T>(selector));

/* lists: j k Enter x */
const rows = (): HTMLTableRowElement[] => all<HTMLTableRowElement>("[data-list] tbody tr[data-row]");

function stand(row: HTMLTableRowElement | undefined): void {
  if (!row) return;
  for (const other of rows()) {
    other.removeAttribute("aria-current");
    other.tabIndex = -1;
  }
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  const preview = row.dataset.preview;
  if (preview) row.dispatchEvent(new CustomEvent("paricha:preview", { bubbles: true, detail: preview }));
}

function step(by: number): void {
  const list = rows();
  const now = list.findIndex((row) => row.hasAttribute("aria-current"));
  stand(list[Math.min(list.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : list.length - 1) : now + by))]);
}

function current(): HTMLTableRowElement | undefined {
  return rows().find((row) => row.hasAttribute("aria-current"));
}

function open(row: HTMLTableRowElement | undefined): boolean {
  const link = row?.querySelector<HTMLAnchorElement>("a[data-open-row], td a, th a");
  link?.click();
  return Boolean(link);
}

function mark(row: HTMLTableRowElement | undefined): void {
  const box = row?.querySelector<HTMLInputElement>("input[type=checkbox][name=row]");
  if (!row || !box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/* the keys of the page, read off its buttons */
function tellKeys(): void {
  const place = document.getElementById("page-keys");
  if (!place) return;
  for (const old of all("[data-told]", place)) old.remove();
  const seen = new Set<string>();
  for (const button of all<HTMLElement>("main [data-key]")) {
    const key = button.dataset.key ?? "";
    if (!key || seen.has(key)) continue;
    seen.add(key);
    const words = (button.getAttribute("aria-label") ?? Array.from(button.childNodes)
      .filter((node) => !(node instanceof Element && node.tagName === "KBD"))
      .map((node) => node.textContent ?? "")
      .join("")).trim();
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key === "Enter" ? "↵" : key;
    term.append(cap);
    const said = document.createElement("dd");
    said.textContent = words;
    term.dataset.told = said.dataset.told = "";
    place.append(term, said);
  }
}

function dialog(id: string): void {
  const found = document.getElementById(id);
  if (found instanceof HTMLDialogElement && !found.open) {
    if (id === "keys") tellKeys();
    found.showModal();
  }
}

let lead = "";
const roads: Record<string, string> = { h: "desk", i: "intake", r: "records", l: "linking", q: "triage", d: "attribution", s: "dispatch", o: "operations", f: "field", e: "exhibits", c: "cases", t: "trends" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key;
  if (typing(event.target)) {
    if (key === "Escape") (event.target as HTMLElement).blur();
    return;
  }
  if (lead === "g") {
    lead = "";
    const link = document.querySelector<HTMLAnchorElement>(`.road a[data-room="${roads[key] ?? ""}"]`);
    if (link) { event.preventDefault(); link.click(); return; }
  }
  const pressed = (): void => event.preventDefault();
  if (key === "/") {
    const search = document.querySelector<HTMLInputElement>(".find input, [data-list-search]");
    if (search) { pressed(); search.focus(); search.select(); }
    return;
  }
  if (key === "?") { pressed(); dialog("keys"); return; }
  const button = all<HTMLElement>("[data-key]").find((each) => each.dataset.key === key && !each.closest("[hidden], dialog:not([open])"));
  if (key === "Enter" && event.target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(event.target.tagName)) return;
  if (rows().length) {
    if (key === "j" && !button) { pressed(); step(1); return; }
    if (key === "k" && !button) { pressed(); step(-1); return; }
    if (key === "x" && !button) { pressed(); mark(current()); return; }
    if (key === "f" && !button) { const first = document.querySelector<HTMLElement>("[data-list-filter]"); if (first) { pressed(); first.focus(); } return; }
    if (key === "Enter" && current() && open(current())) { pressed(); return; }
  }
  if (button) { pressed(); button.click(); return; }
  if (key === "g") { lead = "g"; window.setTimeout(() => { lead = ""; }, 1200); }
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box instanceof HTMLInputElement && box.name === "row") box.closest("tr")?.classList.toggle("marked", box.checked);
  if (box instanceof HTMLInputElement && box.dataset.all !== undefined)
    for (const each of all<HTMLInputElement>("input[type=checkbox][name=row]", box.closest("table") ?? document)) {
      each.checked = box.checked;
      each.closest("tr")?.classList.toggle("marked", box.checked);
    }
  if (box instanceof HTMLSelectElement && box.dataset.submit !== undefined) box.form?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest<HTMLElement>("[data-open]");
  if (opener?.dataset.open) { event.preventDefault(); dialog(opener.dataset.open); return; }
  if (target?.closest("[data-close]")) { target.closest("dialog")?.close(); return; }
  const printer = target?.closest("[data-print]");
  if (printer) { event.preventDefault(); window.print(); return; }
  const row = target?.closest<HTMLTableRowElement>("[data-list] tr[data-row]");
  if (row && !target?.closest("a, button, input, label, select")) stand(row);
});

/* toasts stay their seconds, and wait while the pointer or the focus is on them */
function watchToasts(): void {
  for (const toast of all<HTMLElement>("#toasts [data-stays]:not([data-counting])")) {
    toast.dataset.counting = "";
    let left = Number(toast.dataset.stays) * 10;
    const tick = window.setInterval(() => {
      if (toast.matches(":hover, :focus-within")) return;
      if (--left <= 0) { window.clearInterval(tick); toast.remove(); }
    }, 100);
  }
}

/* the clock of the top bar: the unit's zone and UTC, each with its day where they differ */
function tellTime(): void {
  const place = document.getElementById("clock");
  const zone = place?.dataset.zone;
  if (!place || !zone) return;
  const language = document.documentElement.lang || "en";
  const now = new Date();
  const say = (timeZone: string, options: Intl.DateTimeFormatOptions): Record<string, string> =>
    Object.fromEntries(new Intl.DateTimeFormat(language === "en" ? "en-GB" : `${language}-u-nu-latn`, { timeZone, hourCycle: "h23", ...options }).formatToParts(now).map((part) => [part.type, part.value]));
  const short: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const here = say(zone, short);
  const there = say("UTC", short);
  const shown = place.textContent ?? "";
  const name = /· \d\d:\d\d (\S+)/.exec(shown)?.[1] ?? zone;
  const lead = here.day === there.day ? "" : `${there.weekday} ${there.day} ${there.month}, `;
  const utc = zone === "UTC" ? "" : ` · ${lead}${there.hour}:${there.minute} UTC`;
  place.textContent = `${here.weekday} ${here.day} ${here.month} ${here.year} · ${here.hour}:${here.minute} ${name}${utc}`;
}

/* the place in an original comes into view, wherever the viewer was drawn */
function showPlace(): void {
  for (const box of all<HTMLElement>("[data-original]:not([data-shown])")) {
    box.dataset.shown = "";
    const place = box.querySelector<HTMLElement>("mark#at, td.at, li.at");
    if (!place) continue;
    const gap = place.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    box.scrollTop += gap.top - frame.top - box.clientHeight / 3;
    box.scrollLeft += Math.max(0, gap.left - frame.left - box.clientWidth / 3);
  }
}

function settle(): void {
  watchToasts();
  showPlace();
  document.querySelector<HTMLElement>("[data-focus]:not([data-focused])")?.focus();
  for (const row of all<HTMLInputElement>("input[type=checkbox][name=row]:checked")) row.closest("tr")?.classList.add("marked");
}

/* what went wrong on the way, in words */
function toast(words: string | undefined): void {
  const place = document.getElementById("toasts");
  if (!place || !words) return;
  const said = document.createElement("span");
  said.className = "toast";
  said.setAttribute("role", "alert");
  said.dataset.stays = "10";
  said.textContent = words;
  place.append(said);
}
document.addEventListener("htmx:responseError", () => toast(document.getElementById("toasts")?.dataset.fault));
document.addEventListener("htmx:sendError", () => toast(document.getElementById("toasts")?.dataset.silent));

document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("htmx:oobAfterSwap", settle);
document.addEventListener("htmx:afterSwap", settle);
new MutationObserver(watchToasts).observe(document.documentElement, { childList: true, subtree: true });
window.setInterval(tellTime, 10_000);
settle();
