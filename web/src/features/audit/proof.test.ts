// Inclusion proofs against a tree built by its definition (RFC 6962 §2.1), for every entry of every small tree; and whole
// proof files, sound and spoilt.

import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { type Bytes, type EntryProof, leafHash, ProofRefused, rootOf, verifyProof } from "./proof";

const sha256 = (...parts: Uint8Array[]): Bytes => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)];
const entry = (at: number) => new Uint8Array(Buffer.from(`entry ${at}, and enough bytes to end in a hash`));

/** MTH of the definition. */
function root(leaves: Bytes[]): Bytes {
  if (leaves.length === 1) return sha256(LEAF, leaves[0] as Bytes);
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(NODE, root(leaves.slice(0, split)), root(leaves.slice(split)));
}

/** PATH of the definition. */
function path(at: number, leaves: Bytes[]): Bytes[] {
  if (leaves.length === 1) return [];
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return at < split ? [...path(at, left), root(right)] : [...path(at - split, right), root(left)];
}

test("every entry of every tree of up to 33 is led to the root, and no other is", async () => {
  for (let size = 1; size <= 33; size += 1) {
    const leaves = Array.from({ length: size }, (_, at) => entry(at));
    for (let at = 0; at < size; at += 1) {
      const proof = path(at, leaves);
      const hash = await leafHash(leaves[at] as Bytes);
      expect(await rootOf(hash, BigInt(at), BigInt(size), proof)).toEqual(root(leaves));
      const other = await leafHash(entry(size));
      expect(await rootOf(other, BigInt(at), BigInt(size), proof)).not.toEqual(root(leaves));
      await expect(rootOf(hash, BigInt(at), BigInt(size), [...proof, other])).rejects.toThrow(ProofRefused);
      if (proof.length > 0) {
        await expect(rootOf(hash, BigInt(at), BigInt(size), proof.slice(1))).rejects.toThrow(ProofRefused);
      }
    }
  }
  await expect(rootOf(await leafHash(entry(0)), 1n, 1n, [])).rejects.toThrow(ProofRefused);
});

const base64 = (data: Uint8Array) => Buffer.from(data).toString("base64");

/** A proof as the server would hand it out, for entry 2 of five. */
function sound(): EntryProof {
  const [payload, salt] = [Buffer.from('{"kind":"order.placed"}'), Buffer.from("a salt of some bytes")];
  const commitment = createHmac("sha256", salt).update(payload).digest();
  const leaf = new Uint8Array(Buffer.concat([entry(2), commitment]));
  const leaves = [entry(0), entry(1), leaf, entry(3), entry(4)];
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const text = `test log\n5\n${base64(root(leaves))}\n`.replace("test log", "log.example");
  const id = Buffer.from("0badcafe", "hex");
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
  const note = `${text}\n\u2014 log.example ${base64(signature)}\n`;
  const hashes = path(2, leaves)
    .map((hash) => `${base64(hash)}\n`)
    .join("");
  return {
    entry: { seq: 2, hash: Buffer.from(sha256(leaf)).toString("hex") } as EntryProof["entry"],
    leaf: base64(leaf),
    payload: base64(payload),
    salt: base64(salt),
    proof: `c2sp.org/tlog-proof@v1\nindex 2\n${hashes}\n${note}`,
    key: `log.example+0badcafe+${base64(Buffer.concat([Uint8Array.of(1), raw]))}`,
  };
}

test("a sound proof is told with what it shows", async () => {
  const verified = await verifyProof(sound());
  expect(verified).toMatchObject({
    index: 2n,
    size: 5n,
    origin: "log.example",
    signed: true,
    committed: true,
  });
});

test("whatever is spoilt in a proof, it is refused", async () => {
  const good = sound();
  const spoil: Record<string, (proof: EntryProof) => EntryProof> = {
    "another leaf": (proof) => ({ ...proof, leaf: base64(entry(3)) }),
    "another payload": (proof) => ({ ...proof, payload: base64(Buffer.from('{"kind":"order.canceled"}')) }),
    "another index": (proof) => ({ ...proof, proof: proof.proof.replace("index 2", "index 3") }),
    "another size": (proof) => ({ ...proof, proof: proof.proof.replace("\n5\n", "\n6\n") }),
    "another key": (proof) => ({ ...proof, key: sound().key }),
    "no signature": (proof) => ({ ...proof, proof: `${proof.proof.split("\n\u2014")[0]}\n` }),
    "the entry of another": (proof) => ({ ...proof, entry: { ...proof.entry, seq: 1 } }),
    "no proof at all": (proof) => ({ ...proof, proof: "index 2" }),
  };
  for (const [what, change] of Object.entries(spoil)) {
    await expect(verifyProof(change(good)), what).rejects.toThrow(ProofRefused);
  }
});
