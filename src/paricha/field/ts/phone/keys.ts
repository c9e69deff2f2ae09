// The phone's two keys: Ed25519 signs events, X25519 opens packages. Neither can be read out of the browser.
import { Decrypter, identityToRecipient } from "age-encryption";
import { meta, setMeta, type Keys } from "./store";

export const hex = (bytes: ArrayBuffer | Uint8Array): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function unhex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

export function unbase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

const utf8 = new TextEncoder();

export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8.encode(data) : data));
}

export async function keys(): Promise<Keys> {
  const kept = await meta<Keys>("keys");
  if (kept) return kept;
  const sign = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  const open = (await crypto.subtle.generateKey("X25519", false, ["deriveBits"])) as CryptoKeyPair;
  const recipient = await identityToRecipient(open.privateKey);
  const made: Keys = { sign, open, recipient, device: null, officer: "", unit: "" };
  await setMeta("keys", made);
  return made;
}

export async function signed(own: Keys, text: string): Promise<string> {
  return hex(await crypto.subtle.sign("Ed25519", own.sign.privateKey, utf8.encode(text)));
}

export async function publicKey(own: Keys): Promise<string> {
  return hex(await crypto.subtle.exportKey("raw", own.sign.publicKey));
}

/** Opens both locks. Throws when the phone is not a recipient, the key is another package's, or a byte was changed. */
export async function openBoth(own: Keys, sealed: string, packageId: string, releaseKey: string, commitment: string): Promise<string> {
  const key = unhex(releaseKey);
  const prefix = utf8.encode("paricha-release-commitment/1|");
  const committed = new Uint8Array(prefix.length + key.length);
  committed.set(prefix);
  committed.set(key, prefix.length);
  if ((await sha256(committed)) !== commitment) throw new Error("key");
  const outer = new Decrypter();
  outer.addIdentity(own.open.privateKey);
  const inner = new Uint8Array(await outer.decrypt(unbase64(sealed)));
  const lock = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: inner.slice(0, 12), additionalData: unhex(packageId) }, lock, inner.slice(12),
  );
  return new TextDecoder().decode(plain);
}
