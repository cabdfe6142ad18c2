// Identity data as lines of a page: which there are, what they are called, how their parts are written.

import type { Schemas } from "../../api/client";

export type ProfileData = Schemas["ProfileView"];
export type FieldName = Schemas["Field"];

type Shown = Partial<ProfileData>;

const LINES: readonly [FieldName, string, (profile: Shown) => string | null | undefined][] = [
  ["ssn", "Social Security number", ({ ssn }) => ssn],
  ["itin", "Taxpayer number (ITIN)", ({ itin }) => itin],
  ["ein", "Employer number (EIN)", ({ ein }) => ein],
  ["birth_date", "Date of birth", ({ birth_date }) => birth_date],
  ["phone", "Telephone", ({ phone }) => phone],
  ["address", "Address", ({ address }) => address && addressLine(address)],
  ["bank_account", "Bank account", ({ bank_account }) => bank_account && accountLine(bank_account)],
];

/** The fields that were given. */
export function presentFields(profile: ProfileData): FieldName[] {
  return LINES.filter(([, , write]) => write(profile)).map(([field]) => field);
}

export interface ProfileLine {
  field: FieldName;
  label: string;
  text: string;
}

/** What was given, in clear where it was revealed and masked elsewhere. */
export function linesOf(profile: ProfileData, revealed: Shown | undefined): ProfileLine[] {
  return LINES.flatMap(([field, label, write]) => {
    const text = (revealed && write(revealed)) || write(profile);
    return text ? [{ field, label, text }] : [];
  });
}

function addressLine(address: Schemas["AddressView"]): string {
  const { line1, line2, city, region, postal_code: code, country } = address;
  return [line1, line2, city, [region, code].filter(Boolean).join(" "), country].filter(Boolean).join(", ");
}

function accountLine({
  kind,
  account_number: number,
  routing_number: bank,
}: Schemas["BankAccountView"]): string {
  return `${kind === "savings" ? "Savings" : "Checking"} ${number}, bank ${bank}`;
}
