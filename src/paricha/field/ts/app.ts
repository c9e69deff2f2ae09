// The team's phone: enrol, receive a sealed package, open it after release, and say what happens, with or without network.
import { button, el, facts, field, icon, note, state, type Child } from "./phone/draw";
import { arrestPage, exhibitPage, nothingPage, wrongPage, type Ends } from "./phone/forms";
import { keys } from "./phone/keys";
import { carried, carryIn, sign, waiting } from "./phone/outbox";
import { Answered, enrol } from "./phone/server";
import { events, meta, packages, setMeta, type Content, type Kept, type Signed, type Site } from "./phone/store";
import { open, round } from "./phone/sync";
import { language, say, speak, type Language, type Word } from "./phone/words";

const ROUND_MS = 20_000;
const root = document.getElementById("phone") as HTMLElement;
let online = true;
let current: () => Promise<void> = home;

const clock = (text: string, zone = "Asia/Kolkata"): string =>
  new Intl.DateTimeFormat("en-IN", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(text));

async function show(head: { title: string; lead: string; back?: () => Promise<void> }, ...parts: Child[]): Promise<void> {
  const unsent = (await waiting()).length;
  const status = unsent ? state(say("not_sent_n", { n: unsent }), "warn") : online ? state(say("all_sent"), "good") : state(say("no_network"));
  root.replaceChildren(
    el("header", {}, head.back && el("button", { class: "btn back", type: "button", "aria-label": say("back"), click: () => go(head.back!) }, "‹"),
      el("div", {}, el("b", {}, head.title), el("br"), el("small", {}, head.lead)), status),
    ...parts.filter((part): part is Node => part instanceof Node),
  );
  window.scrollTo(0, 0);
}

function go(page: () => Promise<void>): void {
  current = page;
  void page();
}

function languages(): HTMLElement {
  const other: Language = language() === "ml" ? "en" : "ml";
  return button(other === "ml" ? "മലയാളം" : "English", () => { speak(other); void setMeta("language", other); void current(); }, "small");
}

async function enrolPage(): Promise<void> {
  const fault = el("div", { "aria-live": "assertive" });
  const form = el("form", { class: "stack" }, field("code", say("code"), decodeURIComponent(location.hash.replace(/^#code=/, "")), { autocapitalize: "characters" }), field("label", say("label"), "")) as HTMLFormElement;
  const press = async (): Promise<void> => {
    const given = new FormData(form);
    try {
      await enrol(String(given.get("code") ?? ""), String(given.get("label") ?? "") || "phone");
      history.replaceState(null, "", location.pathname);
      await navigator.storage?.persist?.();
      await round();
      go(home);
    } catch (error) {
      fault.replaceChildren(note("stop", error instanceof Answered ? error.message : say("no_network")));
    }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); void press(); });
  await show({ title: say("app"), lead: "" }, el("div", { class: "main", id: "main" }, el("h1", {}, say("enrol")), el("p", { class: "quiet" }, say("enrol_lead")), form, fault, languages()),
    el("footer", {}, button(say("enrol"), () => void press(), "main big")));
}

const GRADE: Record<string, string> = { sealed: "", released: "good", held: "hold", revoked: "stop" };

function packageState(kept: Kept): HTMLElement {
  if (kept.opened && kept.state === "released") return state(say("opened"), "good", "unlock");
  return state(say(kept.state as "sealed"), GRADE[kept.state] ?? "", kept.state === "sealed" ? "lock" : "");
}

function stateWords(kept: Kept): string {
  if (kept.state === "held") return say("held_more");
  if (kept.state === "revoked") return say("revoked_more");
  if (Date.now() > Date.parse(kept.until)) return say("past_time", { time: clock(kept.until) });
  return say("opens_from", { time: clock(kept.release_at) });
}

function stopNotes(kept: Kept, done: Signed[]): HTMLElement[] {
  const read = new Set(done.filter((event) => event.kind === "stop-acknowledged").map((event) => String(event.payload["words"])));
  return kept.stops.map((one) => note("stop", one.number === null ? say("stop_all") : say("stop", { n: one.number }), `${one.reason} (${clock(one.at)}) `,
    !read.has(one.id) && button(say("stop_seen"), () => void sign("stop-acknowledged", { package: kept.package }, { words: one.id }).then(afterSigning), "stop")));
}

async function unsentCard(): Promise<HTMLElement | null> {
  const list = await waiting();
  if (!list.length) return null;
  const min = Math.round((Date.now() - Date.parse(list[0]!.at)) / 60_000);
  const carry = async (): Promise<void> => {
    const file = new File([await carried()], "paricha-events.json", { type: "application/json" });
    if (navigator.canShare?.({ files: [file] })) await navigator.share({ files: [file] });
    else { const link = el("a", { href: URL.createObjectURL(file), download: file.name }) as HTMLAnchorElement; link.click(); URL.revokeObjectURL(link.href); }
  };
  return el("section", { class: "card unsent" }, el("b", { class: "n" }, String(list.length)), el("div", {}, el("b", {}, say("not_sent")), el("br"), el("small", {}, say("oldest", { min }))),
    button(say("send"), () => void refresh()), el("a", { href: "#", click: (event) => { event.preventDefault(); void carry(); } }, say("carry")));
}

function siteState(site: Site, done: Signed[]): HTMLElement {
  const mine = new Set(done.filter((event) => event.site === site.id).map((event) => event.kind));
  if (mine.has("left")) return state(say("gone"), "good");
  if (mine.has("entered")) return state(say("inside"), "live");
  return mine.has("at-the-place") ? state(say("at_place"), "live") : state(say("waiting"));
}

async function home(): Promise<void> {
  const own = await keys();
  if (!own.device) return enrolPage();
  const list = await packages();
  const done = await events();
  const contact = await meta<string>("contact");
  const offset = Math.round(((await meta<number>("offset")) ?? 0) / 60);
  const refused = done.filter((event) => event.refused);
  const parts: Child[] = [await unsentCard()];
  for (const kept of list.filter((one) => one.state !== "revoked" || !list.some((other) => other.team === one.team && other.version > one.version))) {
    parts.push(...stopNotes(kept, done));
    const opened = kept.state === "revoked" ? null : kept.opened;
    parts.push(el("section", { class: "card list" },
      el("a", { class: "site", href: "#", click: (event) => { event.preventDefault(); go(() => packagePage(kept.package)); } },
        el("b", {}, `${kept.team} · ${kept.operation}`), packageState(kept), el("small", {}, stateWords(kept))),
      ...(opened?.sites ?? []).map((site) => el("a", { class: "site", href: "#", click: (event) => { event.preventDefault(); go(() => sitePage(kept.package, site.id)); } },
        el("b", {}, `${site.number} · ${site.address}`), siteState(site, done), el("small", {}, say("entry", { time: clock(opened!.operation.entry_at, opened!.zone) }))))));
  }
  if (!list.length) parts.push(note("plain", say("packages"), say("no_package")));
  for (const event of refused) parts.push(note("stop", say("refused"), `${kindWords(event.kind)}: ${event.refused}`));
  if (Math.abs(offset) >= 2) parts.push(note("warn", say("clock_off", { min: offset })));
  if (!(await navigator.storage?.persisted?.())) parts.push(el("p", { class: "quiet" }, say("not_kept")));
  if (took) parts.push(note("plain", took));
  parts.push(el("label", { class: "field" }, say("take_in"), el("input", { type: "file", accept: ".json,application/json", change: (event) => void takeIn((event.target as HTMLInputElement).files) })));
  parts.push(el("p", { class: "quiet" }, say("last_contact", { time: contact ? clock(contact) : say("never") })), languages());
  await show({ title: own.officer, lead: own.unit }, el("div", { class: "main", id: "main" }, ...parts));
}

async function packagePage(id: string): Promise<void> {
  const kept = (await packages()).find((one) => one.package === id);
  if (!kept) return home();
  const ready = kept.sealed !== null && kept.state === "released";
  const fault = el("div", { "aria-live": "assertive" });
  const spoken = field("key", say("spoken_key"), "", { autocapitalize: "off" });
  const press = async (): Promise<void> => {
    const typed = (spoken.querySelector("input") as HTMLInputElement).value;
    try { await open(id, typed); await afterSigning(); go(home); } catch { fault.replaceChildren(note("stop", say("cant_open"))); }
  };
  if (kept.opened && kept.state === "released") {
    const content: Content = kept.opened;
    await show({ title: `${kept.team} · ${kept.operation}`, lead: `v${kept.version} · ${content.code}`, back: home }, el("div", { class: "main", id: "main" },
      content.made_up && note("warn", say("made_up")),
      el("section", { class: "card" }, el("div", { class: "in" }, el("h2", {}, say("team")), facts(content.team.members.map((one) => [one.name, `${one.rank}${one.leads ? ` · ${say("leads")}` : ""}`])))),
      el("section", { class: "card list" }, ...Object.keys(content.papers).map((lang) => paperLink(content, lang))),
      content.services.length > 0 && el("section", { class: "card" }, el("div", { class: "in" }, el("h2", {}, say("helpers")), facts(content.services.map((one) => [inLanguage(one, "service") + " · " + inLanguage(one, "name"), one["phone"] ?? ""]))))));
    return;
  }
  await show({ title: `${kept.team} · ${kept.operation}`, lead: `v${kept.version}`, back: home }, el("div", { class: "main", id: "main" },
    el("div", { class: "lockbig" }, icon("lock"), el("b", {}, say("opens_from", { time: clock(kept.release_at) }))),
    kept.state === "held" || kept.state === "revoked" ? note(kept.state === "held" ? "warn" : "stop", stateWords(kept)) : note("plain", say("no_network_needed"), say("no_network_needed_more")), spoken, fault),
  el("footer", {}, ready ? button(say("open"), () => void press(), "main big") : button(say("open_waits"), () => void press(), "big")));
}

const inLanguage = (row: Record<string, string>, name: string): string => (language() === "ml" ? row[`${name}_ml`] : "") || row[name] || "";
const yesNo = (value: boolean | null): string | null => (value === null ? null : say(value ? "yes" : "no"));

function paperLink(content: Content, lang: string): HTMLElement {
  const bytes = Uint8Array.from(atob(content.papers[lang] ?? ""), (char) => char.charCodeAt(0));
  const link = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  return el("a", { href: link, download: `${content.team.name}-${lang}.pdf` }, icon("print"), ` ${say("paper")}`, el("span", { class: "end" }, `${lang} ›`));
}

async function sitePage(id: string, siteId: string): Promise<void> {
  const kept = (await packages()).find((one) => one.package === id);
  const site = kept?.opened?.sites.find((one) => one.id === siteId);
  if (!kept?.opened || !site) return home();
  const done = (await events()).filter((event) => event.site === site.id);
  const has = (kind: string): boolean => done.some((event) => event.kind === kind);
  const here = (): Promise<void> => sitePage(id, siteId);
  const ends: Ends = { done: () => void afterSigning().then(() => go(here)), back: () => go(here) };
  const said = site.said[language()] ?? { reasons: [], against: [] };
  const stopped = kept.stops.some((one) => one.site === null || one.site === site.id);
  const step = (kind: string): void => void sign(kind, { site: site.id }, { words: "" }).then(afterSigning).then(() => here());
  const leader = kept.opened.team.members.find((one) => one.leads)?.name ?? "";
  const form = (page: (ends: Ends) => Promise<HTMLElement[]>) => (): void => go(async () => { await show({ title: kept.team, lead: site.address, back: here }, ...(await page(ends))); });
  const primary = !has("at-the-place") ? button(say("at_the_place"), () => step("at-the-place"), "main big", stopped)
    : !has("entered") ? button(say("entered"), () => step("entered"), "main big", stopped)
    : !has("left") ? button(say("exhibit"), form((e) => exhibitPage(site, `P${done.filter((event) => event.kind === "exhibit-taken").length + 1}`, leader, e)), "main big") : null;
  await show({ title: `${kept.team} · ${site.number}`, lead: say("entry", { time: clock(kept.opened.operation.entry_at, kept.opened.zone) }), back: home },
    el("div", { class: "main", id: "main" }, ...stopNotes(kept, await events()),
      el("div", {}, el("h1", {}, site.address), el("p", { class: "quiet" }, [site.door, site.pin].filter(Boolean).join(" · "))),
      site.unchecked && note("stop", say("unchecked"), site.basis ?? ""),
      site.children_expected === true && note("warn", say("child"), say("child_more")),
      facts([[say("subscriber"), site.subscriber], [say("lives_here"), site.lives_here.join(", ")], [say("floors"), site.floors], [say("others"), yesNo(site.others_use_line)], [say("premises"), site.premises], [say("remarks"), site.remarks], [say("expect"), site.expect], [say("station"), site.station], [say("seen_by"), [site.seen_by, site.seen_on].filter(Boolean).join(", ")]]),
      said.against.length > 0 && el("section", { class: "card" }, el("div", { class: "in" }, el("h2", {}, say("against")), ...said.against.map((one) => el("p", {}, one)))),
      said.reasons.length > 0 && el("section", { class: "card" }, el("div", { class: "in" }, el("h2", {}, say("why_door")), ...said.reasons.map((one) => el("p", {}, one)))),
      ...done.map((event) => el("p", { class: "quiet" }, `${kindWords(event.kind)}${event.payload["number"] ? ` ${String(event.payload["number"])}` : ""} · ${say("done", { time: clock(event.at) })}${event.sent ? "" : ` · ${say("not_sent")}`}`)),
      !online && note("plain", say("no_network"), say("no_network_more")), el("p", { class: "quiet" }, say("unsure"))),
    el("footer", {}, primary,
      has("entered") && !has("left") && el("div", { class: "row" }, button(say("nothing"), form((e) => nothingPage(site, e))), button(say("arrest"), form((e) => arrestPage(site, e)))),
      el("div", { class: "row" }, has("entered") && !has("left") && button(say("left"), () => step("left")), button(say("wrong"), form((e) => wrongPage(site, e)), "stop"))));
}

const KINDS: Record<string, Word> = { "opened": "opened", "at-the-place": "at_the_place", "entered": "entered", "exhibit-taken": "exhibit_taken", "nothing-found": "nothing",
  "person-arrested": "arrest", "left": "left", "stop-acknowledged": "stop_seen", "something-wrong": "wrong" };
function kindWords(kind: string): string {
  const word = KINDS[kind];
  return word ? say(word) : kind;
}

async function takeIn(list: FileList | null): Promise<void> {
  for (const file of list ?? []) {
    try { took = say("took_in", { n: await carryIn(await file.text()) }); } catch { took = say("took_in_not"); }
  }
  await current();
}
let took = "";

async function afterSigning(): Promise<void> {
  await current();
  await refresh();
}

let running = false;
async function refresh(): Promise<void> {
  if (running || !(await keys()).device) return;
  running = true;
  try { online = (await round()).ok; } finally { running = false; }
  if (!document.querySelector("form")) await current();
}

async function start(): Promise<void> {
  speak((await meta<Language>("language")) ?? (document.documentElement.lang === "en" ? "en" : "ml"));
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/field/app/worker.js", { scope: "/field/app/" }).catch(() => undefined);
  await home();
  await refresh();
  setInterval(() => void refresh(), ROUND_MS);
  addEventListener("online", () => void refresh());
}

void start();
