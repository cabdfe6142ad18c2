// Who one is: the account, identity data under a mask, and the ways to take everything out or to leave.

import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconId } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { $api, api, type Schemas } from "../../api/client";
import { Card, Line } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import { failed } from "../../ui/toast";
import { useUser } from "../auth/session";
import { Leaving } from "../closing/Leaving";
import { EditIdentity } from "./EditIdentity";
import { Identity } from "./Identity";
import { type ProfileData, presentFields } from "./lines";

export function Profile() {
  const user = useUser();
  const profile = $api.useQuery("get", "/api/v1/profile");
  const [editing, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageTitle title="Profile" about="What this server knows of you, and how to take it with you." />
      <div className="halves">
        <Stack gap={16}>
          <Card
            title="Account"
            actions={
              <Button size="xs" variant="default" component={Link} to="/security">
                Change
              </Button>
            }
          >
            <Line label="Name">{user.name ?? "\u2014"}</Line>
            <Line label="E-mail address">{user.email}</Line>
          </Card>
          <Leaving />
        </Stack>
        <Resource of={profile} what="your identity data" skeleton={<SkeletonRows rows={5} height={32} />}>
          {(data) => <IdentityCard profile={data} edit={open} />}
        </Resource>
      </div>
      <EditIdentity opened={editing} close={close} />
    </>
  );
}

const ABOUT = "Sealed under a key of your own, shown masked, and every look at it is on record.";

function IdentityCard({ profile, edit }: { profile: ProfileData; edit: () => void }) {
  const fields = presentFields(profile);
  const reveal = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/profile/reveal", { body: { fields } });
      return data as Partial<Schemas["ProfileView"]> | undefined;
    },
    onError: (error) => failed("Your identity data stays masked", error),
  });
  if (fields.length === 0) {
    return (
      <Card title="Identity" about={ABOUT}>
        <Empty
          icon={<IconId size={22} />}
          title="Nothing yet"
          action={<Button onClick={edit}>Add identity data</Button>}
        >
          The law wants brokers to know who invests with them. You can add what is asked of you here.
        </Empty>
      </Card>
    );
  }
  return (
    <Card
      title="Identity"
      about={ABOUT}
      actions={
        <Group gap="xs">
          {reveal.data ? (
            <Button size="xs" variant="default" onClick={reveal.reset}>
              Mask again
            </Button>
          ) : (
            <Button size="xs" variant="default" loading={reveal.isPending} onClick={() => reveal.mutate()}>
              Show in full
            </Button>
          )}
          <Button size="xs" variant="default" onClick={edit}>
            Change
          </Button>
        </Group>
      }
    >
      <Identity profile={profile} revealed={reveal.data} hide={reveal.reset} />
    </Card>
  );
}
