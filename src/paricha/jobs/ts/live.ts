// A page that changes by itself: one stream of event names for the whole page.
// An element with data-live="field: operations:site:" gets the event `live` whenever an event with one of these
// beginnings happened that this officer may see; htmx asks again with hx-trigger="live".

const QUIET_MS = 300; // several events of one moment cause one request

function watch(): void {
  const wanted = (): HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>("[data-live]"));
  if (wanted().length === 0) return;
  const due = new Set<HTMLElement>();
  let timer = 0;

  const ring = (element: HTMLElement): void => {
    due.add(element);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const each of due) each.dispatchEvent(new CustomEvent("live", { bubbles: false }));
      due.clear();
    }, QUIET_MS);
  };

  const state = (words: "on" | "off"): void => {
    document.documentElement.dataset["stream"] = words; // pages may show that the stream is off
  };

  const stream = new EventSource("/events");
  stream.addEventListener("open", () => state("on"));
  stream.addEventListener("error", () => state("off")); // the browser connects again by itself, from where it stood
  stream.addEventListener("again", () => wanted().forEach(ring));
  stream.addEventListener("happened", (message: MessageEvent<string>) => {
    const names = (JSON.parse(message.data) as { event: string }[]).map((each) => each.event);
    for (const element of wanted()) {
      const starts = (element.dataset["live"] ?? "").split(/\s+/).filter(Boolean);
      if (names.some((name) => starts.some((start) => name.startsWith(start)))) ring(element);
    }
  });
  window.addEventListener("pagehide", () => stream.close());
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
else watch();
