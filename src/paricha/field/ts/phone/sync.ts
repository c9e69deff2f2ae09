// One round with the server: states, stops and keys in; sealed packages in; signed events out; what is over is wiped.
import { openBoth, keys } from "./keys";
import { send, sign } from "./outbox";
import { packageStates, sealedBytes } from "./server";
import { database, meta, packages, setMeta, type Content, type Kept } from "./store";

const WIPE_AFTER_MS = 72 * 3_600_000;

export interface Round { ok: boolean; words: string }

export async function round(): Promise<Round> {
  try {
    const states = await packageStates();
    const db = await database();
    for (const state of states) {
      const before = await db.get("packages", state.package);
      const kept: Kept = { ...state, sealed: before?.sealed ?? null, opened: before?.opened ?? null, opened_at: before?.opened_at ?? null };
      if (!kept.sealed && kept.state !== "revoked") kept.sealed = await sealedBytes(state.package);
      await db.put("packages", kept);
    }
    for (const kept of await packages()) {
      if (!states.some((state) => state.package === kept.package)) await db.delete("packages", kept.package);
    }
    await wipe();
    await send();
    await setMeta("failed", null);
    return { ok: true, words: "" };
  } catch (error) {
    await wipe();
    const words = error instanceof Error ? error.message : String(error);
    await setMeta("failed", words);
    return { ok: false, words };
  }
}

/** Opened copies go when a package was revoked, or 72 hours after its end. */
async function wipe(): Promise<void> {
  const db = await database();
  for (const kept of await packages()) {
    const over = Date.now() > Date.parse(kept.until) + WIPE_AFTER_MS;
    if ((kept.state === "revoked" || over) && (kept.opened || kept.sealed)) {
      await db.put("packages", { ...kept, opened: null, sealed: null });
    }
  }
}

/** Opens a package with the released key, or one that was read out by radio (64 hex digits). */
export async function open(id: string, spoken = ""): Promise<Content> {
  const db = await database();
  const kept = await db.get("packages", id);
  if (!kept?.sealed) throw new Error("sealed");
  const now = Date.now() - ((await meta<number>("offset")) ?? 0) * 1000; // the server's time, as far as this phone knows
  if (now > Date.parse(kept.until)) throw new Error("past its time");
  const key = kept.release_key ?? spoken.replace(/[\s-]/g, "").toLowerCase();
  const content = JSON.parse(await openBoth(await keys(), kept.sealed, id, key, kept.commitment)) as Content;
  await db.put("packages", { ...kept, opened: content, opened_at: new Date().toISOString() });
  await sign("opened", { package: id }, { words: "" });
  return content;
}

export async function lastContact(): Promise<string | undefined> {
  return meta<string>("contact");
}
