// A statement for each month that is over, to read, print or keep as CSV.

import { Anchor, Group, Text } from "@mantine/core";
import { $api } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import classes from "./Performance.module.css";

/** Months that are shown. */
const SHOWN = 12;

export function Statements() {
  const statements = $api.useQuery("get", "/api/v1/portfolio/statements");
  return (
    <Card title="Statements">
      <Resource of={statements} what="your statements" skeleton={<SkeletonRows rows={3} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              The first comes when this month is over.
            </Text>
          ) : (
            <ul className={classes.list}>
              {items.slice(0, SHOWN).map(({ month }) => (
                <li key={month}>
                  <Text size="sm">{named(month)}</Text>
                  <Group gap="sm">
                    <Anchor
                      size="sm"
                      href={`/api/v1/portfolio/statements/${month}`}
                      target="_blank"
                      aria-label={`Statement of ${named(month)}`}
                    >
                      Open
                    </Anchor>
                    <Anchor
                      size="sm"
                      href={`/api/v1/portfolio/statements/${month}?format=csv`}
                      download
                      aria-label={`Statement of ${named(month)} as CSV`}
                    >
                      CSV
                    </Anchor>
                  </Group>
                </li>
              ))}
            </ul>
          )
        }
      </Resource>
    </Card>
  );
}

/** `May 2026` */
function named(month: string): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat("en-US", { month: "long", year: "numeric", timeZone: "UTC" }).format(first);
}
