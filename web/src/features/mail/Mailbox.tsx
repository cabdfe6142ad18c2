// The development mailbox: the mails that would have gone out, so that nobody needs a mail server to try Stockade.

import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as v from "valibot";
import { problemOf } from "../../api/problem";
import { Card } from "../../ui/Card";
import { relative } from "../../ui/format";
import { Logo } from "../../ui/Logo";
import { useNow } from "../../ui/now";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import classes from "./Mailbox.module.css";

/** The mailbox is no part of the API, so nothing but this says what it answers. */
const MAILS = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      to: v.string(),
      subject: v.string(),
      at: v.string(),
      text: v.string(),
      links: v.array(v.string()),
    }),
  ),
});

type Mail = v.InferOutput<typeof MAILS>["items"][number];

export function Mailbox() {
  const mails = useQuery({ queryKey: ["mailbox"], queryFn: fetchMails, refetchInterval: 2_000 });
  return (
    <main className={classes.page}>
      <Group justify="space-between" mb="xl">
        <Logo />
        <Anchor component={Link} to="/" size="sm" underline="always">
          To Stockade
        </Anchor>
      </Group>
      <PageTitle
        title="Development mailbox"
        about="What Stockade would have sent. Outside development this page does not exist."
      />
      <Resource of={mails} what="the mailbox" skeleton={<SkeletonRows rows={4} height={96} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Card>
              <Empty icon={<IconInbox size={22} />} title="No mail yet">
                Mails appear here by themselves, usually within a second.
              </Empty>
            </Card>
          ) : (
            <Stack gap="sm">
              {items.map((mail) => (
                <Letter key={mail.id} mail={mail} />
              ))}
            </Stack>
          )
        }
      </Resource>
    </main>
  );
}

function Letter({ mail }: { mail: Mail }) {
  const now = useNow();
  return (
    <Card title={mail.subject} about={`To ${mail.to}, ${relative(mail.at, now)}`}>
      <Text className={classes.text} size="sm">
        {withoutLinks(mail)}
      </Text>
      <Group gap="sm" mt="md">
        {mail.links.map((link) => {
          const own = ownPath(link);
          return (
            <Button
              key={link}
              component="a"
              href={own ?? link}
              size="xs"
              variant={own ? "filled" : "default"}
            >
              {wordsBefore(mail.text, link)}
            </Button>
          );
        })}
      </Group>
    </Card>
  );
}

async function fetchMails({ signal }: { signal: AbortSignal }) {
  const response = await fetch("/dev/mailbox", { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw await problemOf(response);
  return v.parse(MAILS, await response.json());
}

/** A link to this server stays on the address that the page was opened under. */
function ownPath(link: string): string | null {
  const { pathname, search, hostname } = new URL(link);
  const local = (name: string) => name === "localhost" || name === "127.0.0.1";
  return hostname === location.hostname || (local(hostname) && local(location.hostname))
    ? pathname + search
    : null;
}

/** In the text a link stands on a line of its own, below its words. */
function wordsBefore(text: string, link: string): string {
  const lines = text.split("\n");
  const before = lines[lines.findIndex((line) => line.trim() === link) - 1];
  return before?.trim().replace(/:$/, "") || "Open the link";
}

function withoutLinks({ text, links }: Mail): string {
  const lines = text.split("\n");
  const isLink = (line: string | undefined) => line !== undefined && links.includes(line.trim());
  return lines
    .filter((line, at) => !isLink(line) && !isLink(lines[at + 1]))
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
