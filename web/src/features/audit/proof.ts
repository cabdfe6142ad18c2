// Proves in the browser that an entry is in the log: RFC 6962 inclusion by WebCrypto's SHA-256, the checkpoint's Ed25519
// signature where the browser can check one, and that the entry shown is the entry proved.
//
// The file format is C2SP tlog-proof with a signed-note checkpoint; leaves are those of the server's audit log.

import type { Schemas } from "../../api/client";

/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

export type EntryProof = Schemas["EntryProof"];

/** What was checked. `signed` is null where the browser knows no Ed25519. */
export interface Verified {
  index: bigint;
  size: bigint;
  origin: string;
  root: string;
  signed: boolean | null;
  /** Whether what the entry says is what the log committed to; null when the payload is not handed out. */
  committed: boolean | null;
}

/** Why a proof is refused. */
export class ProofRefused extends Error {
  override readonly name = "ProofRefused";
}

interface ProofFile {
  index: bigint;
  hashes: Bytes[];
  note: string;
}

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const MOST_HASHES = 64;
const HASH = 32;

/** Checks a proof as the API hands it out. */
export async function verifyProof(proof: EntryProof): Promise<Verified> {
  const file = parseProof(proof.proof);
  const checkpoint = parseCheckpoint(file.note);
  const leaf = bytes(proof.leaf);
  const root = await rootOf(await leafHash(leaf), file.index, checkpoint.size, file.hashes);
  if (!equal(root, checkpoint.root))
    throw new ProofRefused("the proof does not lead to the log's signed root");
  const hash = hex(await sha256(leaf));
  if (hash !== proof.entry.hash || BigInt(proof.entry.seq) !== file.index) {
    throw new ProofRefused("the proof is of another entry than the one shown");
  }
  const signed = await verifySignature(checkpoint, proof.key);
  if (signed === false) throw new ProofRefused("the log's signature is not by its key");
  const committed = await verifyCommitment(proof, leaf);
  if (committed === false) throw new ProofRefused("the log committed to something else than the entry says");
  return {
    index: file.index,
    size: checkpoint.size,
    origin: checkpoint.origin,
    root: base64(checkpoint.root),
    signed,
    committed,
  };
}

/** The root that an inclusion proof leads to (RFC 9162 §2.1.3.2). */
export async function rootOf(
  leaf: Bytes,
  index: bigint,
  size: bigint,
  hashes: readonly Bytes[],
): Promise<Bytes> {
  if (index >= size) throw new ProofRefused("the entry lies outside the tree");
  let [node, last, hash] = [index, size - 1n, leaf];
  for (const sibling of hashes) {
    if (last === 0n) throw new ProofRefused("the proof is too long");
    if ((node & 1n) === 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new ProofRefused("the proof is too short");
  return hash;
}

/** SHA-256 of `0x00` and the data (RFC 6962 §2.1). */
export function leafHash(data: Uint8Array): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), data));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

function parseProof(text: string): ProofFile {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(cut, 0)).split("\n");
  if (cut < 0 || lines.shift() !== FIRST_LINE) throw new ProofRefused("this is no proof file");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? "")?.[1];
  const hashes = lines.map(bytes);
  if (index === undefined || hashes.length > MOST_HASHES || hashes.some(({ length }) => length !== HASH)) {
    throw new ProofRefused("this is no proof file");
  }
  return { index: BigInt(index), hashes, note: text.slice(cut + 2) };
}

interface Checkpoint {
  origin: string;
  size: bigint;
  root: Bytes;
  signedText: string;
  signatures: { name: string; blob: Bytes }[];
}

/** A signed note: text, an empty line, signatures (C2SP signed-note, tlog-checkpoint). */
function parseCheckpoint(note: string): Checkpoint {
  const cut = note.indexOf("\n\n");
  const signedText = note.slice(0, cut + 1);
  const [origin, size, root] = signedText.split("\n");
  if (cut < 0 || !origin || !size || !/^(0|[1-9]\d*)$/.test(size) || !root) {
    throw new ProofRefused("the proof holds no checkpoint");
  }
  const signatures = note
    .slice(cut + 2)
    .split("\n")
    .flatMap((line) => {
      const [, name, blob] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      return name && blob ? [{ name, blob: bytes(blob) }] : [];
    });
  return { origin, size: BigInt(size), root: bytes(root), signedText, signatures };
}

/** The key's text is `name+hash+base64`; its first byte says Ed25519, a signature's first four are the key's hash. */
async function verifySignature(checkpoint: Checkpoint, key: string): Promise<boolean | null> {
  const [name, id, encoded] = splitKey(key);
  const raw = bytes(encoded);
  if (raw[0] !== 1 || raw.length !== HASH + 1) throw new ProofRefused("the log's key is of an unknown kind");
  const mine = checkpoint.signatures.filter(
    (signature) => signature.name === name && hex(signature.blob.slice(0, 4)) === id,
  );
  const signature = mine[0]?.blob.slice(4);
  if (!signature) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", raw.slice(1), { name: "Ed25519" }, false, [
      "verify",
    ]);
    const signed = new TextEncoder().encode(checkpoint.signedText);
    return await crypto.subtle.verify("Ed25519", imported, signature, signed);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return null;
    throw error;
  }
}

function splitKey(key: string): [string, string, string] {
  const [, name, id, encoded] = /^(.+?)\+([0-9a-f]{8})\+(.+)$/.exec(key.trim()) ?? [];
  if (!name || !id || !encoded) throw new ProofRefused("the log's key cannot be read");
  return [name, id, encoded];
}

/** HMAC-SHA256 of the payload under its salt ends the leaf. */
async function verifyCommitment({ payload, salt }: EntryProof, leaf: Uint8Array): Promise<boolean | null> {
  if (!payload || !salt) return null;
  const key = await crypto.subtle.importKey("raw", bytes(salt), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const tag = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(payload)));
  return equal(tag, leaf.slice(-HASH));
}

async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function bytes(encoded: string): Bytes {
  try {
    return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  } catch {
    throw new ProofRefused("the proof is not in base64");
  }
}

function base64(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data));
}

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
