// The seconds since the tip was opened, counted on from what the server said.
for (const watch of document.querySelectorAll<HTMLElement>("[data-stopwatch]")) {
  const began = performance.now() - Number(watch.dataset["stopwatch"]) * 1000;
  const shown = watch.querySelector("b");
  setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    if (shown) shown.textContent = seconds < 60 ? String(seconds) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 1000);
}
export {};
