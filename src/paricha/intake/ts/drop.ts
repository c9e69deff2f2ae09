// Files and folders dropped on the page: walked in their own order and sent in parts, so that no request is too large.
// Without this file the form's own button sends what was chosen.

const PER_REQUEST = 50;

type Found = { file: File; path: string };

async function inside(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((take, fail) => (entry as FileSystemFileEntry).file(take, fail));
    found.push({ file, path: entry.fullPath });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail));
    if (some.length === 0) return;
    some.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const each of some) await inside(each, found);
  }
}

async function send(form: HTMLFormElement, found: Found[]): Promise<void> {
  const token = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  form.querySelector<HTMLElement>("[data-drop-words]")?.removeAttribute("hidden");
  let address = form.action;
  let page = "";
  for (let from = 0; from < found.length; from += PER_REQUEST) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    for (const one of found.slice(from, from + PER_REQUEST)) {
      body.append("files", one.file);
      body.append("paths", one.path);
    }
    const answer = await fetch(address, { method: "POST", body });
    if (!answer.ok) {
      document.open();
      document.write(await answer.text());
      document.close();
      return;
    }
    page = answer.url;
    address = new URL("upload/", page).href; // what follows goes into the same batch
  }
  if (page) window.location.assign(page);
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-drop]")) {
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer?.items ?? [])
      .map((item) => item.webkitGetAsEntry())
      .filter((entry): entry is FileSystemEntry => entry !== null);
    void (async () => {
      const found: Found[] = [];
      for (const entry of entries) await inside(entry, found);
      if (found.length > 0) await send(form, found);
    })();
  });
  form.addEventListener("submit", (event) => {
    const input = form.querySelector<HTMLInputElement>("input[type=file]");
    const files = Array.from(input?.files ?? []);
    if (files.length <= PER_REQUEST) return;
    event.preventDefault();
    void send(form, files.map((file) => ({ file, path: file.name })));
  });
}
