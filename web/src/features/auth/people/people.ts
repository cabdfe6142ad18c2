// People by their ids: the desk shows names, and answers hold ids.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../../api/client";

export type KnownPerson = Schemas["KnownPerson"];

/** As many as the server answers for at once. */
const MOST = 100;
const FRESH_MS = 300_000;

export const ERASED = "somebody who was erased";

/** Names the people with these ids, as soon as they are known. */
export function useNames(ids: readonly (string | null | undefined)[]): (id: string) => string {
  const wanted = distinct(ids);
  const { data } = useQuery({
    queryKey: ["people", wanted.join(",")],
    enabled: wanted.length > 0,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const found = new Map<string, KnownPerson>();
      for (const some of portions(wanted, MOST)) {
        const query = { ids: some.join(","), limit: MOST };
        const { data } = await api.GET("/api/admin/users", { params: { query }, signal });
        for (const person of data?.items ?? []) found.set(person.id, person);
      }
      return found;
    },
  });
  return (id) => (data === undefined ? "\u2026" : (data.get(id)?.email ?? ERASED));
}

/** Each once, in an order of its own, so that the same people are the same question. */
export function distinct(ids: readonly (string | null | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => typeof id === "string"))].sort();
}

/** In portions of so many at most. */
export function portions<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, at) =>
    all.slice(at * most, (at + 1) * most),
  );
}
