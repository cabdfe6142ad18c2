// Who fails most, and is not locked out yet: guesses that came near, or somebody who needs help.

import { Badge, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { $api } from "../../api/client";
import { Card } from "../../ui/Card";
import { count, shortly } from "../../ui/format";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { authenticatorName } from "../auth/restriction/words";

const MOST = 10;

export function Failing() {
  const dashboard = $api.useQuery(
    "get",
    "/api/admin/security/dashboard/auth",
    { params: { query: { limit: 1 } } },
    { refetchInterval: 15_000 },
  );
  return (
    <Resource of={dashboard} what="who fails" skeleton={<SkeletonRows rows={3} />}>
      {({ failing, policy }) => (
        <Card
          flush
          title="Failures since the last success"
          about={`${policy.failures} within ${Math.round(policy.window_seconds / 60)} minutes lock an account for ${Math.round(policy.first_lock_seconds / 60)} minutes, at first.`}
        >
          {failing.length === 0 ? (
            <Text c="dimmed" size="sm" px="var(--edge)" pb={16}>
              Nobody has failed since they last succeeded.
            </Text>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Account</Table.Th>
                  <Table.Th className={tables.wide}>What failed</Table.Th>
                  <Table.Th className={tables.number}>Failures</Table.Th>
                  <Table.Th className={tables.wide}>Standing</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {failing.slice(0, MOST).map((each) => (
                  <Table.Tr key={`${each.user_id}${each.authenticator}${each.strangers}`}>
                    <Table.Td>
                      <Link
                        to="/desk/sign-ins"
                        search={{ user: each.user_id }}
                        className={tables.name}
                        style={{ overflowWrap: "anywhere" }}
                      >
                        {each.email}
                      </Link>
                      <Text size="xs" c="dimmed" className={tables.narrow ?? ""}>
                        {authenticatorName(each.authenticator)}, {whereOf(each)}
                      </Text>
                      {each.locked_until && (
                        <Badge variant="light" color="yellow" size="sm" className={tables.narrow ?? ""}>
                          Locked
                        </Badge>
                      )}
                    </Table.Td>
                    <Table.Td className={tables.wide}>
                      {authenticatorName(each.authenticator)}
                      <Text size="xs" c="dimmed">
                        {whereOf(each)}
                      </Text>
                    </Table.Td>
                    <Table.Td className={tables.number}>{count(each.failures)}</Table.Td>
                    <Table.Td className={tables.wide}>
                      {each.locked_until ? (
                        <Badge variant="light" color="yellow">
                          Locked until {shortly(each.locked_until)}
                        </Badge>
                      ) : (
                        <Text size="sm" c="dimmed">
                          May try
                        </Text>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Card>
      )}
    </Resource>
  );
}

function whereOf({ strangers }: { strangers: boolean }): string {
  return strangers ? "on devices not known" : "on a device of theirs";
}
