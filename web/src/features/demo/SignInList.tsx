// Who of the demonstration can sign in with what. The server tells it once; afterwards it keeps only hashes.

import { Alert, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconDownload, IconKey } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import { Refusal } from "../../ui/Refusal";
import { save } from "../../ui/save";
import tables from "../../ui/tables.module.css";
import { capital } from "../risk/words";

type SignIn = Schemas["DemoSignIn"];

export function SignInList() {
  const tell = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/admin/demo/sign-ins");
      return data?.items ?? [];
    },
  });
  if (tell.data) return <Told people={tell.data} />;
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        Analysts, an auditor, an administrator and some customers can sign in. Their passwords are shown once.
      </Text>
      <Refusal error={tell.error} />
      <Button
        variant="light"
        leftSection={<IconKey size={16} />}
        loading={tell.isPending}
        onClick={() => tell.mutate()}
      >
        Show who can sign in
      </Button>
    </Stack>
  );
}

function Told({ people }: { people: readonly SignIn[] }) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" variant="light" p="sm">
        Shown only now: keep what you need.
      </Alert>
      <Table className={tables.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Who</Table.Th>
            <Table.Th>Password</Table.Th>
            <Table.Th className={tables.wide}>Authenticator key</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map(({ role, email, password, totp_secret }) => (
            <Table.Tr key={email}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {email}
                <Text size="xs" c="dimmed">
                  {capital(role)}
                </Text>
              </Table.Td>
              <Table.Td className="mono" style={{ overflowWrap: "anywhere" }}>
                {password}
              </Table.Td>
              <Table.Td className={`mono ${tables.wide}`}>{totp_secret ?? "\u2014"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => save("stockade-demo-sign-ins.txt", file(people))}
        >
          Save as a file
        </Button>
      </Group>
    </Stack>
  );
}

function file(people: readonly SignIn[]): Blob {
  const lines = people.map(({ role, email, password, totp_secret }) =>
    [role, email, password, totp_secret ?? ""].join("\t").trimEnd(),
  );
  const text = `People of the demonstration at ${location.host}: role, address, password, authenticator key\n\n`;
  return new Blob([text, lines.join("\n"), "\n"], { type: "text/plain" });
}
