// The proof of something one just did: the entry of that request, once it is numbered, fetched and verified here.

import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { asProblem, Problem } from "../../api/problem";
import { type EntryProof, type Verified, verifyProof } from "./proof";

export interface Proven {
  proof: EntryProof;
  verified: Verified;
}

/** Proves the entry that `matches`, among one's newest. */
export function useProofOf(name: string, matches: (entry: EntryProof["entry"]) => boolean) {
  return useQuery({
    queryKey: ["proof-of", name],
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => isWaiting(error) && count < 40,
    retryDelay: 500,
    queryFn: async () => {
      const { data } = await api.GET("/api/v1/audit/mine", { params: { query: { limit: 50 } } });
      const entry = data?.items.find(matches);
      if (!entry) throw waiting();
      return prove(entry.id);
    },
  });
}

/** Fetches and verifies the proof of one entry. */
export async function prove(id: string): Promise<Proven> {
  const { data: proof } = await api.GET("/api/v1/audit/mine/{id}/proof", { params: { path: { id } } });
  if (!proof) throw waiting();
  return { proof, verified: await verifyProof(proof) };
}

/** The entry is committed but has no number yet; it will in a moment. */
function isWaiting(error: unknown): boolean {
  return asProblem(error).code === "audit.not_yet_numbered";
}

function waiting(): Problem {
  return new Problem(409, "audit.not_yet_numbered", "the entry is not yet numbered");
}
