// One's payees: asking for them, and forgetting what was asked once they change.

import { $api, queries } from "../../api/client";

const PATH = "/api/v1/cash/payees";

export function usePayees() {
  return $api.useQuery("get", PATH);
}

export function payeesChanged(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ["get", PATH] });
}
