// A folded family in the list of tips: its members are fetched under its row, and taken away again, by the button or `u`.
// Without this file the button opens the list of the family.

const families = (): HTMLAnchorElement[] => Array.from(document.querySelectorAll<HTMLAnchorElement>("[data-list] a[data-unfold]"));

function members(row: HTMLTableRowElement, of: string): HTMLTableRowElement[] {
  return Array.from(row.parentElement?.querySelectorAll<HTMLTableRowElement>("tr[data-of]") ?? []).filter((one) => one.dataset.of === of);
}

async function toggle(link: HTMLAnchorElement): Promise<void> {
  const row = link.closest("tr");
  const of = link.dataset.family ?? "";
  if (!row || !link.dataset.unfold || link.dataset.busy !== undefined) return;
  const open = members(row, of);
  if (open.length > 0) {
    for (const one of open) one.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  link.dataset.busy = "";
  try {
    const answer = await fetch(link.dataset.unfold, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) {
      window.location.assign(link.href);
      return;
    }
    row.insertAdjacentHTML("afterend", await answer.text());
    link.setAttribute("aria-expanded", "true");
  } finally {
    delete link.dataset.busy;
  }
}

/* the family of the row at hand: its own, or the one it is a member of; else the first of the page */
function here(): HTMLAnchorElement | undefined {
  const row = document.querySelector<HTMLTableRowElement>("[data-list] tr[data-row][aria-current]");
  const all = families();
  if (!row) return all[0];
  return all.find((link) => link.closest("tr") === row || link.dataset.family === row.dataset.of) ?? all[0];
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest<HTMLAnchorElement>("a[data-unfold]");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    void toggle(link);
    return;
  }
  if (target?.closest("[data-unfold-here]")) {
    const found = here();
    if (found) void toggle(found);
  }
});

function offer(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-unfold-here]")) button.hidden = families().length === 0;
}
document.addEventListener("htmx:afterSettle", offer);
offer();
