// What the phone keeps, in IndexedDB: keys that can't leave it, packages, signed events, drafts.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export interface Keys { sign: CryptoKeyPair; open: CryptoKeyPair; recipient: string; device: string | null; officer: string; unit: string }
export interface Stop { id: string; site: string | null; number: number | null; reason: string; at: string }
export interface PackageState {
  package: string; team: string; operation: string; version: number; state: string; release_at: string;
  until: string; commitment: string; release_key: string | null; stops: Stop[];
}
export interface Kept extends PackageState { sealed: string | null; opened: Content | null; opened_at: string | null }
export interface Site {
  id: string; number: number; wave: number; address: string; station: string | null; pin: string | null; door: string | null;
  said: Record<string, { reasons: string[]; against: string[] }>; basis: string | null; unchecked: boolean; lives_here: string[]; floors: string | null; subscriber: string | null; local_body: string | null;
  others_use_line: boolean | null; premises: string | null; remarks: string | null; children_expected: boolean | null;
  expect: string | null; seen_by: string | null; seen_on: string | null;
}
export interface Member { name: string; rank: string; leads: boolean; woman: boolean; cyber: boolean; technical: boolean }
export interface Content {
  schema: number; made_up: boolean; code: string; version: number; zone: string;
  operation: { id: string; number: string; name: string; entry_at: string; until: string; urgent: boolean };
  team: { id: string; name: string; district: string; members: Member[] };
  sites: Site[]; papers: Record<string, string>; services: Record<string, string>[];
}
export interface Signed {
  id: string; seq: number; text: string; signature: string; kind: string; site: string | null; at: string;
  sent: boolean; refused: string | null; payload: Record<string, unknown>;
}

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  packages: { key: string; value: Kept };
  events: { key: string; value: Signed; indexes: { seq: number } };
  drafts: { key: string; value: Record<string, string> };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("paricha-field", 1, {
    upgrade(db) {
      db.createObjectStore("meta");
      db.createObjectStore("packages", { keyPath: "package" });
      db.createObjectStore("events", { keyPath: "id" }).createIndex("seq", "seq", { unique: true });
      db.createObjectStore("drafts");
    },
  });
  return opened;
}

export async function meta<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get("meta", name)) as T | undefined;
}

export async function setMeta(name: string, value: unknown): Promise<void> {
  await (await database()).put("meta", value, name);
}

export async function events(): Promise<Signed[]> {
  return (await database()).getAllFromIndex("events", "seq");
}

export async function packages(): Promise<Kept[]> {
  const all = await (await database()).getAll("packages");
  return all.sort((a, b) => a.team.localeCompare(b.team) || b.version - a.version);
}
