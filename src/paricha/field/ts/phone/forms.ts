// The reports that say more than one word: exhibit, nothing found, arrest, something is wrong. Drafts until signed.
import { button, el, field, note, type Child } from "./draw";
import { sign } from "./outbox";
import { database, type Site } from "./store";
import { say, type Word } from "./words";

export interface Ends { done(): void; back(): void }

/** 15 digits that pass the Luhn check. */
export function goodImei(text: string): boolean {
  const digits = text.replace(/[\s\-/.]/g, "");
  if (!/^\d{15}$/.test(digits) || new Set(digits).size < 4) return false;
  let total = 0;
  for (const [at, char] of [...digits].reverse().entries()) {
    let n = Number(char);
    if (at % 2) n = n > 4 ? n * 2 - 9 : n * 2;
    total += n;
  }
  return total % 10 === 0;
}

function values(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form).entries()].map(([name, value]) => [name, String(value).trim()]));
}

async function formPage(key: string, title: Word, fields: (draft: Record<string, string>) => Child[], signWords: (draft: Record<string, string>) => string,
  make: (given: Record<string, string>) => { kind: string; payload: Record<string, unknown>; missing: Word[]; fault?: Word }, site: Site, ends: Ends): Promise<HTMLElement[]> {
  const db = await database();
  const draft = (await db.get("drafts", key)) ?? {};
  const fault = el("div", { "aria-live": "assertive" });
  const form = el("form", { class: "stack" }, ...fields(draft)) as HTMLFormElement;
  const keep = (): void => void db.put("drafts", values(form), key);
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => event.preventDefault());
  const press = async (): Promise<void> => {
    const made = make(values(form));
    if (made.fault) { fault.replaceChildren(note("warn", say(made.fault))); return; }
    if (made.missing.length) { fault.replaceChildren(note("warn", say("missing", { fields: made.missing.map((word) => say(word)).join(", ") }))); return; }
    await sign(made.kind, { site: site.id }, made.payload);
    await db.delete("drafts", key);
    ends.done();
  };
  return [
    el("div", { class: "main", id: "main" }, el("h1", {}, say(title)), el("p", { class: "quiet" }, site.address), form, fault),
    el("footer", {}, button(signWords(draft), () => void press(), "main big"), el("div", { class: "row" }, button(say("draft"), () => { keep(); ends.back(); }))),
  ];
}

const need = (given: Record<string, string>, ...names: Word[]): Word[] => names.filter((name) => !given[name]);

export function exhibitPage(site: Site, mark: string, leader: string, ends: Ends): Promise<HTMLElement[]> {
  const kinds: Word[] = ["mobile", "laptop", "drive", "other"];
  return formPage(`exhibit ${site.id}`, "exhibit", (draft) => [
    el("fieldset", { class: "pick" }, el("legend", { class: "only-read" }, say("kind")),
      ...kinds.map((kind) => el("label", {}, el("input", { type: "radio", name: "type", value: kind, checked: (draft["type"] ?? "mobile") === kind }), say(kind)))),
    field("mark", say("mark"), draft["mark"] ?? mark),
    field("imei", say("imei"), draft["imei"] ?? "", { inputmode: "numeric" }),
    field("make", say("make"), draft["make"] ?? ""), field("model", say("model"), draft["model"] ?? ""),
    field("colour", say("colour"), draft["colour"] ?? ""), field("serial", say("serial"), draft["serial"] ?? ""),
    field("room", say("room"), draft["room"] ?? ""),
    field("seized_by", say("seized_by"), draft["seized_by"] ?? leader),
    field("seal_number", say("seal_number"), draft["seal_number"] ?? ""),
    field("witnesses", say("witnesses"), draft["witnesses"] ?? "", {}, true),
    field("recording", say("recording"), draft["recording"] ?? "", { inputmode: "numeric" }),
    el("label", { class: "choice" }, el("input", { type: "checkbox", name: "copy_given", value: "yes", checked: draft["copy_given"] === "yes" }), ` ${say("copy_given")}`),
  ], (draft) => say("sign_exhibit", { mark: draft["mark"] ?? mark }), (given) => ({
    kind: "exhibit-taken",
    missing: need(given, "mark", "room", "seized_by", "seal_number"),
    ...(given["imei"] && !goodImei(given["imei"]) ? { fault: "imei_bad" as Word } : {}),
    payload: {
      number: given["mark"], type: given["type"], room: given["room"], seized_by: given["seized_by"], seal_number: given["seal_number"],
      make: given["make"], model: given["model"], colour: given["colour"], serial: given["serial"], imei: given["imei"]?.replace(/\D/g, ""),
      recording: given["recording"]?.replace(/\D/g, ""), witnesses: (given["witnesses"] ?? "").split("\n").map((one) => one.trim()).filter(Boolean),
      copy_given: given["copy_given"] === "yes" ? true : null,
    },
  }), site, ends);
}

export function nothingPage(site: Site, ends: Ends): Promise<HTMLElement[]> {
  return formPage(`nothing ${site.id}`, "nothing", (draft) => [field("words", say("looked_at"), draft["words"] ?? "", {}, true)], () => say("sign"),
    (given) => ({ kind: "nothing-found", missing: given["words"] ? [] : ["looked_at"], payload: { words: given["words"] } }), site, ends);
}

export function arrestPage(site: Site, ends: Ends): Promise<HTMLElement[]> {
  return formPage(`arrest ${site.id}`, "arrest", (draft) => [
    field("name", say("name"), draft["name"] ?? ""), field("age", say("age"), draft["age"] ?? "", { inputmode: "numeric" }),
    field("grounds", say("grounds"), draft["grounds"] ?? "", {}, true),
    el("label", { class: "choice" }, el("input", { type: "checkbox", name: "told", value: "yes", checked: draft["told"] === "yes" }), ` ${say("told")}`),
  ], () => say("sign"), (given) => ({
    kind: "person-arrested", missing: need(given, "name"),
    payload: { name: given["name"], age: /^\d{1,3}$/.test(given["age"] ?? "") ? Number(given["age"]) : null, grounds: given["grounds"], told: given["told"] === "yes" ? true : null },
  }), site, ends);
}

export function wrongPage(site: Site, ends: Ends): Promise<HTMLElement[]> {
  return formPage(`wrong ${site.id}`, "wrong", (draft) => [el("p", {}, say("wrong_what")), field("words", say("words"), draft["words"] ?? "", {}, true)], () => say("sign"),
    (given) => ({ kind: "something-wrong", missing: need(given, "words"), payload: { words: given["words"] } }), site, ends);
}
