// The form of identity data, and the request it makes: only what was typed is sent, so that the rest stays.

import type { Schemas } from "../../api/client";

export const BLANK = {
  ssn: "",
  birth_date: "",
  phone: "",
  line1: "",
  line2: "",
  city: "",
  region: "",
  postal_code: "",
  country: "",
  routing_number: "",
  account_number: "",
  kind: "checking",
};

export function requestOf(values: typeof BLANK): Schemas["PutProfile"] {
  const typed = (text: string) => (text.trim() === "" ? undefined : text.trim());
  const { line1, line2, city, region, postal_code, country, routing_number, account_number, kind } = values;
  const request: Schemas["PutProfile"] = {};
  for (const name of ["ssn", "birth_date", "phone"] as const) {
    const text = typed(values[name]);
    if (text !== undefined) request[name] = text;
  }
  if ([line1, line2, city, region, postal_code, country].some(typed)) {
    request.address = {
      line1: line1.trim(),
      line2: typed(line2) ?? null,
      city: city.trim(),
      region: typed(region) ?? null,
      postal_code: typed(postal_code) ?? null,
      country: country.trim().toUpperCase(),
    };
  }
  if ([routing_number, account_number].some(typed)) {
    request.bank_account = {
      routing_number: routing_number.trim(),
      account_number: account_number.trim(),
      kind,
    };
  }
  return request;
}
