// The tip's page: the original of the value at hand stands beside it. A value is chosen by a click, by j and k, or by Enter
// on its place. Without this file a place opens the original's own page.
export {};
declare const htmx: { ajax(verb: string, url: string, context: { target: string; swap: string }): Promise<void> };

const places = (): HTMLAnchorElement[] =>
  Array.from(document.querySelectorAll<HTMLAnchorElement>(".values a.src[href]")).filter((one) => one.offsetParent !== null);

/* what a place belongs to: the value or time before it */
function valueOf(place: HTMLAnchorElement): Element | undefined {
  let before = place.previousElementSibling;
  while (before && !before.matches(".v, time")) before = before.previousElementSibling;
  return before ?? undefined;
}

function placeOf(value: Element): HTMLAnchorElement | undefined {
  let after = value.nextElementSibling;
  while (after && !after.matches("a.src")) after = after.nextElementSibling;
  return after instanceof HTMLAnchorElement ? after : undefined;
}

let waiting = 0;
function show(place: HTMLAnchorElement, wait = 0): void {
  for (const old of document.querySelectorAll(".values [aria-current=true]")) if (!old.matches("tr")) old.removeAttribute("aria-current");
  place.setAttribute("aria-current", "true");
  valueOf(place)?.setAttribute("aria-current", "true");
  const said = document.getElementById("shown-place");
  if (said) said.textContent = place.title || place.textContent || "";
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void htmx.ajax("GET", place.href, { target: "#original", swap: "innerHTML" }), wait);
}

function step(by: number): boolean {
  const all = places();
  if (all.length === 0) return false;
  const now = all.findIndex((one) => one.hasAttribute("aria-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (all[now] !== next) show(next, 120);
  return true;
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || !(event.target instanceof Element)) return;
  const chosen = event.target.closest(".values a.src, .beside .filters a, .values .v, .values time");
  if (!chosen) return;
  const place = chosen instanceof HTMLAnchorElement ? chosen : placeOf(chosen);
  if (!place || !document.getElementById("original")) return;
  event.preventDefault();
  event.stopPropagation();
  show(place);
}, true);

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
  if ((event.key === "j" || event.key === "k") && step(event.key === "j" ? 1 : -1)) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);
