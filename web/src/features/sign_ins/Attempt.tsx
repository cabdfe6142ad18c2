// One attempt: how its score was built, where it came from, what would have let it pass, and what to do about it.

import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock, IconShieldCheck } from "@tabler/icons-react";
import { $api, type Schemas } from "../../api/client";
import { Line } from "../../ui/Card";
import { relative } from "../../ui/format";
import { LinkButton } from "../../ui/LinkButton";
import { useNow } from "../../ui/now";
import { Risk } from "../../ui/Risk";
import { Side } from "../../ui/Side";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { useNames } from "../auth/people/people";
import { Restrict } from "../auth/restriction/Restrict";
import { useMayWork } from "../auth/session";
import { Terms } from "../risk/Terms";
import { capital, fateOf, ruleName } from "../risk/words";
import { deviceOf, placeOf } from "./from";

type SignIn = Schemas["Page_SignInRow"]["items"][number];
type Explanation = Schemas["Explanation"];

interface AttemptProps {
  id: string | undefined;
  /** Its row, if that is on the page. */
  row: SignIn | undefined;
  close: () => void;
}

export function Attempt({ id, row, close }: AttemptProps) {
  return (
    <Side opened={id !== undefined} onClose={close} title="Sign-in attempt">
      {id !== undefined && <Explained key={id} id={id} row={row} />}
    </Side>
  );
}

function Explained({ id, row }: { id: string; row: SignIn | undefined }) {
  const explained = $api.useQuery(
    "get",
    "/api/admin/security/decisions/{id}",
    { params: { path: { id } } },
    // Whoever looks is put on record, so it is asked for once.
    { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
  );
  return (
    <Resource of={explained} what="this attempt" skeleton={<SkeletonRows rows={7} />}>
      {(explanation) => <Whole explanation={explanation} row={row} />}
    </Resource>
  );
}

function Whole({ explanation, row }: { explanation: Explanation; row: SignIn | undefined }) {
  const now = useNow();
  const nameOf = useNames([explanation.user_id]);
  const [restricting, { open, close }] = useDisclosure(false);
  const mayWork = useMayWork();
  const { user_id } = explanation;
  const fate = fateOf(explanation.fate);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={650} fz="lg" style={{ overflowWrap: "anywhere" }}>
            {nameOf(user_id)}
          </Text>
          <Text size="sm" c="dimmed">
            {relative(explanation.at, now)}
          </Text>
        </div>
        <Risk score={explanation.score} level={explanation.level} />
      </Group>
      <div>
        <Text component="h3" fw={650} size="sm" mb={8}>
          How the score was built
        </Text>
        <Terms terms={explanation.terms} score={explanation.score}>
          <b>Score</b>, by the policy {explanation.policy.name}{" "}
          <Badge variant="light" color={fate.color} ml={4}>
            {fate.label}
          </Badge>
        </Terms>
      </div>
      {explanation.would_pass.length > 0 && (
        <Alert color="brand" variant="light" title="It would have passed">
          {explanation.would_pass.map((step) => (
            <Text key={step} size="sm">
              {capital(step)}
            </Text>
          ))}
        </Alert>
      )}
      {row?.from && (
        <div>
          <Line label="From">{placeOf(row.from)}</Line>
          <Line label="Address">
            <span className="mono">{row.from.ip ?? "unknown"}</span>
          </Line>
          <Line label="Device">{deviceOf(row.from)}</Line>
        </div>
      )}
      {explanation.unheard.length > 0 && (
        <Text size="sm" c="dimmed">
          Not known, and so not counted: {explanation.unheard.map(({ code }) => ruleName(code)).join(", ")}.
        </Text>
      )}
      <Text size="sm" c="dimmed">
        <IconShieldCheck size={14} style={{ verticalAlign: "-2px" }} aria-hidden="true" />{" "}
        {explanation.reproduced
          ? "Decided anew from what is stored, it comes out the same."
          : "Decided anew from what is stored, it comes out differently: what is stored was changed."}
      </Text>
      <Group grow>
        <LinkButton to="/desk/sign-ins" search={{ user: user_id }} variant="default">
          All their sign-ins
        </LinkButton>
        {mayWork && (
          <Button color="red" leftSection={<IconLock size={16} />} onClick={open}>
            Restrict account
          </Button>
        )}
      </Group>
      <Restrict user={user_id} name={nameOf(user_id)} opened={restricting} close={close} />
    </Stack>
  );
}
