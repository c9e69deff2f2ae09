// Passkeys in the browser. A form with data-passkey="get" or "create" asks for one when it is sent, puts the answer
// into its field `credential`, and goes on. The options stand in data-options as JSON; data-auto asks at once.

type Json = Record<string, unknown>;

function bytes(text: string): ArrayBuffer {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0)).buffer;
}

function text(raw: ArrayBuffer | null): string | undefined {
  if (!raw) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function opened(options: Json): Json {
  const given = { ...options };
  given.challenge = bytes(String(given.challenge));
  if (given.user) given.user = { ...(given.user as Json), id: bytes(String((given.user as Json).id)) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    const list = given[name] as Json[] | null | undefined;
    if (list) given[name] = list.map((one) => ({ ...one, id: bytes(String(one.id)) }));
    else delete given[name];
  }
  for (const [name, value] of Object.entries(given)) if (value === null) delete given[name];
  return given;
}

async function ask(kind: string, options: Json): Promise<string> {
  const publicKey = opened((options.publicKey ?? options) as Json) as unknown;
  const found = (kind === "create"
    ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions })) as PublicKeyCredential;
  const said = found.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  return JSON.stringify({
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    response: {
      clientDataJSON: text(said.clientDataJSON),
      attestationObject: text(said.attestationObject ?? null),
      authenticatorData: text(kind === "get" ? said.authenticatorData : null),
      signature: text(said.signature ?? null),
      userHandle: text(said.userHandle ?? null),
    },
    clientExtensionResults: found.getClientExtensionResults(),
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  const answer = form.elements.namedItem("credential") as HTMLInputElement;
  const wrong = form.querySelector<HTMLElement>("[data-passkey-error]");
  form.addEventListener("submit", (event) => {
    if (answer.value) return;
    event.preventDefault();
    if (wrong) wrong.hidden = true;
    ask(form.dataset.passkey ?? "get", JSON.parse(form.dataset.options ?? "{}") as Json).then(
      (value) => {
        answer.value = value;
        form.submit();
      },
      (error: unknown) => {
        if (!wrong) return;
        wrong.textContent = form.dataset.words ?? (error instanceof Error ? error.message : String(error));
        wrong.hidden = false;
      },
    );
  });
  if (form.dataset.auto !== undefined) form.requestSubmit();
}
