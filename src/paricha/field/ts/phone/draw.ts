// Small pieces of a page, built from elements: text is only ever text.
export type Child = Node | string | null | false | undefined;

export function el(tag: string, attributes: Record<string, string | boolean | ((event: Event) => void)> = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined));
  return made;
}

export function icon(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

export const state = (word: string, grade = "", shape = ""): HTMLElement => el("span", { class: `state ${grade}`.trim() }, icon(shape || { good: "ok", warn: "warn", stop: "stop", hold: "hold", live: "live" }[grade] || "none"), word);

export const note = (grade: string, title: string, ...more: Child[]): HTMLElement =>
  el("div", { class: `note ${grade}`, role: grade === "stop" ? "alert" : "note" }, el("b", {}, icon({ stop: "stop", warn: "warn", good: "ok" }[grade] ?? "none"), ` ${title}`), el("span", {}, ...more));

export function facts(pairs: [string, string | null | undefined][]): HTMLElement {
  const list = el("dl", { class: "facts" });
  for (const [label, value] of pairs) if (value) list.append(el("dt", {}, label), el("dd", {}, value));
  return list;
}

export const button = (words: string, press: () => void, look = "", disabled = false): HTMLElement =>
  el("button", { class: `btn ${look}`.trim(), type: "button", disabled, click: press }, words);

export function field(name: string, words: string, value: string, more: Record<string, string> = {}, area = false): HTMLElement {
  const input = el(area ? "textarea" : "input", { name, autocomplete: "off", ...(area ? { rows: "3" } : { value }), ...more });
  if (area) (input as HTMLTextAreaElement).value = value;
  return el("label", { class: "field" }, words, input);
}
