// Calls to the server, each signed by the phone. Every call has an end: without one a lost answer hangs for ever.
import { keys, publicKey, sha256, signed } from "./keys";
import { setMeta, type Keys, type PackageState } from "./store";

const WAIT_MS = 15_000;

export class NotEnrolled extends Error {}
export class Answered extends Error {
  constructor(readonly status: number, words: string, readonly code: string) { super(words); }
}

async function heard(response: Response): Promise<Record<string, unknown>> {
  const sent = Date.now();
  const body = (await response.json()) as Record<string, unknown>;
  if (typeof body["now"] === "string") {
    await setMeta("contact", new Date().toISOString());
    await setMeta("offset", Math.round((sent - Date.parse(body["now"])) / 1000));
  }
  if (!response.ok) {
    const refusal = (body["refusal"] ?? {}) as Record<string, string>;
    throw new Answered(response.status, `${refusal["what"] ?? ""} ${refusal["remedy"] ?? ""}`.trim(), refusal["code"] ?? "");
  }
  return body;
}

async function call(method: string, path: string, body = ""): Promise<Record<string, unknown>> {
  const own = await keys();
  if (!own.device) throw new NotEnrolled();
  const seconds = Math.floor(Date.now() / 1000).toString();
  const said = `paricha-call/1|${method}|${path}|${seconds}|${await sha256(body)}`;
  const headers: Record<string, string> = { Authorization: `Paricha-Device ${own.device} ${seconds} ${await signed(own, said)}` };
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method, headers, body: body || null, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(WAIT_MS),
  });
  return heard(response);
}

export async function enrol(code: string, label: string): Promise<Keys> {
  const own = await keys();
  const plain = code.replace(/[-\s]/g, "").toUpperCase();
  const proof = await signed(own, `paricha-enrol/1|${await sha256(plain)}|${own.recipient}`);
  const body = JSON.stringify({ code: plain, public: await publicKey(own), recipient: own.recipient, label, proof });
  const response = await fetch("/field/api/enrol", {
    method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit", signal: AbortSignal.timeout(WAIT_MS),
  });
  const told = await heard(response);
  const enrolled: Keys = { ...own, device: String(told["device"]), officer: String(told["officer"]), unit: String(told["unit"]) };
  await setMeta("keys", enrolled);
  return enrolled;
}

export async function packageStates(): Promise<PackageState[]> {
  return (await call("GET", "/field/api/packages"))["packages"] as PackageState[];
}

export async function sealedBytes(id: string): Promise<string> {
  return String((await call("GET", `/field/api/packages/${id}`))["sealed"]);
}

export interface Told { id: string | null; stored: boolean; known: boolean; code: string | null; words: string | null }

export async function sendEvents(list: { text: string; signature: string }[]): Promise<Told[]> {
  return (await call("POST", "/field/api/events", JSON.stringify({ events: list })))["answers"] as Told[];
}

