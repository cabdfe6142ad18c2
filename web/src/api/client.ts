// The typed client: paths and shapes come from the server's own description, the way of a request from `pipeline`.

import { QueryClient } from "@tanstack/react-query";
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { Pipeline } from "./pipeline";
import { asProblem } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

export const pipeline = new Pipeline();

/** For calls outside of React. */
export const api = createFetchClient<paths>({ baseUrl: location.origin, fetch: pipeline.fetch });

/** For components: `$api.useQuery("get", "/api/v1/portfolio")`. */
export const $api = createQueryClient(api);

const MOST_TRIES = 3;

/** Answers are fresh for a moment; what cannot be reached is tried again, what was refused is not. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Whether the browser thinks it is online says little of a server on the same desk.
      networkMode: "always",
      staleTime: 5_000,
      retry: (count, error) => {
        const { status } = asProblem(error);
        return (status === 0 || status >= 500 || status === 429) && count < MOST_TRIES;
      },
      retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
