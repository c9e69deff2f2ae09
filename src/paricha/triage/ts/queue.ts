// The preview beside the queue follows the row at hand.
declare const htmx: { ajax(verb: string, url: string, target: string): Promise<void> };

document.addEventListener("paricha:preview", (event) => {
  const address = (event as CustomEvent<string>).detail;
  if (address) void htmx.ajax("GET", address, "#preview");
});
