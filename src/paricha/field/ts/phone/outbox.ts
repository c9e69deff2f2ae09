// Events: made once, signed, chained, kept until the server has said that it has them. Never edited.
import { hex, keys, sha256, signed } from "./keys";
import { sendEvents } from "./server";
import { database, events, meta, type Signed } from "./store";

const START = "0".repeat(64);

function uuid7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) & 0xff;
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return hex(bytes);
}

let turn: Promise<unknown> = Promise.resolve();

/** Makes events one after another, so that two quick taps can't take the same number. */
export function sign(kind: string, where: { site?: string | null; package?: string | null }, payload: Record<string, unknown>): Promise<Signed> {
  const made = turn.then(() => make(kind, where, payload));
  turn = made.catch(() => undefined);
  return made;
}

async function make(kind: string, where: { site?: string | null; package?: string | null }, payload: Record<string, unknown>): Promise<Signed> {
  const own = await keys();
  const last = (await events()).at(-1);
  const seq = (last?.seq ?? 0) + 1;
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const offset = await meta<number>("offset");
  const envelope: Record<string, unknown> = {
    id: uuid7(), device: own.device, seq, previous: last ? await sha256(last.text) : START, kind, at, payload,
    site: where.site ?? null, package: where.package ?? null, offset_s: offset ?? null,
  };
  const text = JSON.stringify(envelope);
  const signature = await signed(own, `paricha-field/1|${text}`);
  const event: Signed = {
    id: String(envelope["id"]), seq, text, signature, kind, site: where.site ?? null, at, sent: false, refused: null, payload,
  };
  await (await database()).add("events", event);
  return event;
}

export async function waiting(): Promise<Signed[]> {
  return (await events()).filter((event) => !event.sent && !event.refused);
}

/** Sends what waits, oldest first. A refused event is kept and shown; the others go on. Returns how many were taken. */
export async function send(): Promise<number> {
  let taken = 0;
  for (;;) {
    const some = (await waiting()).slice(0, 50);
    if (some.length === 0) return taken;
    const answers = await sendEvents(some.map(({ text, signature }) => ({ text, signature })));
    const db = await database();
    let moved = 0;
    for (const [at, answer] of answers.entries()) {
      const event = some[at];
      if (!event) continue;
      if (answer.stored) { event.sent = true; taken++; moved++; }
      else { event.refused = `${answer.code ?? ""} ${answer.words ?? ""}`.trim(); moved++; }
      await db.put("events", event);
    }
    if (moved === 0) return taken;
  }
}

/** All signed events as one text, for a colleague's phone or a stick: each is whole by itself. */
export async function carried(): Promise<string> {
  return JSON.stringify({ events: (await waiting()).map(({ text, signature }) => ({ text, signature })) });
}

/** Sends a colleague's signed events as they are. Returns how many the server has now; throws without network. */
export async function carryIn(text: string): Promise<number> {
  const told = JSON.parse(text) as { events?: { text: string; signature: string }[] };
  const answers = await sendEvents((told.events ?? []).map((one) => ({ text: String(one.text), signature: String(one.signature) })));
  return answers.filter((answer) => answer.stored).length;
}
