// The tip's page: the original of the value at hand stands beside it. A value is chosen by a click, by j and k, or by Enter
// on its place. Without this file a place opens the original's own page.
export {};
declare const htmx: { ajax(verb: string, url: string, context: { target: string; swap: string }): Promise<void> };

// A stop is the words of a place, or a value that stands without them (`bare_value`).
type Stop = HTMLElement;
const BARE = ".v[data-at][role=button]";
const stops = (): Stop[] =>
  Array.from(document.querySelectorAll<Stop>(`.values a.src[href], .values ${BARE}`)).filter((one) => one.offsetParent !== null);
const address = (stop: Stop): string => (stop instanceof HTMLAnchorElement ? stop.href : stop.dataset.at) ?? "";

/* what a place belongs to: the value or time before it */
function valueOf(stop: Stop): Element | undefined {
  let before = stop.previousElementSibling;
  while (before && !before.matches(".v, time")) before = before.previousElementSibling;
  return before ?? undefined;
}

function stopOf(value: Element): Stop | undefined {
  if (value instanceof HTMLElement && value.matches(BARE)) return value;
  let after = value.nextElementSibling;
  while (after && !after.matches("a.src")) after = after.nextElementSibling;
  return after instanceof HTMLAnchorElement ? after : undefined;
}

let waiting = 0;
function show(stop: Stop, wait = 0): void {
  const here = address(stop);
  for (const old of document.querySelectorAll(".values [aria-current=true]")) old.removeAttribute("aria-current");
  if (stop.closest(".values")) {
    stop.setAttribute("aria-current", "true");
    if (stop instanceof HTMLAnchorElement) valueOf(stop)?.setAttribute("aria-current", "true");
  }
  for (const form of document.querySelectorAll<HTMLAnchorElement>(".beside .filters a"))
    form.classList.toggle("on", form.pathname === new URL(here, window.location.href).pathname);
  const said = document.getElementById("shown-place");
  if (said) said.textContent = stop.title || stop.textContent || "";
  document.querySelector(".beside")?.classList.add("chosen");
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void htmx.ajax("GET", here, { target: "#original", swap: "innerHTML" }), wait);
}

function step(by: number): boolean {
  const all = stops();
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
  if (event.target.closest("[data-put-away]")) {
    document.querySelector(".beside")?.classList.remove("chosen");
    return;
  }
  const chosen = event.target.closest(`.values a.src, .beside .filters a, .values ${BARE}`) ?? event.target.closest(".values .v, .values time");
  if (!chosen) return;
  const stop = chosen instanceof HTMLAnchorElement ? chosen : stopOf(chosen);
  if (!stop || !address(stop) || !document.getElementById("original")) return;
  event.preventDefault();
  event.stopPropagation();
  show(stop);
}, true);

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
  if (event.key === "Enter" && target instanceof HTMLElement && target.matches(`.values ${BARE}`)) {
    event.preventDefault();
    event.stopPropagation();
    show(target);
    return;
  }
  if ((event.key === "j" || event.key === "k") && step(event.key === "j" ? 1 : -1)) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);
