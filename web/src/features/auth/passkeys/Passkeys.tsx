// One's passkeys: their names, when each was used, and adding, renaming and removing them.

import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconFingerprint, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { api, queries, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { date, relative } from "../../../ui/format";
import { useNow } from "../../../ui/now";
import { RenameDialog } from "../../../ui/RenameDialog";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { type Fetched, Resource } from "../../../ui/states";
import classes from "../security/Security.module.css";
import { AddPasskey } from "./AddPasskey";
import { passkeysWork } from "./ceremony";
import { RemovePasskey } from "./RemovePasskey";

type Passkey = Schemas["PasskeyView"];

interface PasskeysProps {
  of: Fetched<Schemas["Passkeys"]>;
  factors: Schemas["SecondFactors"];
}

export function Passkeys({ of, factors }: PasskeysProps) {
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <Card
      title="Passkeys"
      about="Sign in with your fingerprint, face or device code. No password to type, nothing to phish."
      actions={
        passkeysWork() && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={open}>
            Add a passkey
          </Button>
        )
      }
    >
      <Resource of={of} what="your passkeys" skeleton={<SkeletonRows rows={1} height={52} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {passkeysWork() ? "You have none yet." : "This browser knows no passkeys; another one may."}
            </Text>
          ) : (
            items.map((passkey) => (
              <Row
                key={passkey.id}
                passkey={passkey}
                isLast={items.length === 1 && !factors.methods.some((method) => String(method) === "totp")}
              />
            ))
          )
        }
      </Resource>
      <AddPasskey opened={adding} close={close} needsPassword={factors.methods.length === 0} />
    </Card>
  );
}

interface RowProps {
  passkey: Passkey;
  /** Whether no second factor is left without it. */
  isLast: boolean;
}

function Row({ passkey, isLast }: RowProps) {
  const { id, name, created_at, last_used_at } = passkey;
  const now = useNow();
  const [renaming, renameDialog] = useDisclosure(false);
  const [removing, removeDialog] = useDisclosure(false);
  const rename = async (to: string) => {
    await api.PATCH("/api/v1/auth/passkeys/{id}", { params: { path: { id } }, body: { name: to } });
    await queries.invalidateQueries();
  };
  return (
    <div className={classes.row}>
      <IconFingerprint size={22} stroke={1.6} className={classes.icon} aria-hidden="true" />
      <div className={classes.words}>
        <Text fw={550} className={classes.break}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          Added {date(created_at)}, {last_used_at ? `used ${relative(last_used_at, now)}` : "not used yet"}
        </Text>
      </div>
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon size={32} aria-label={`Change passkey ${name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={renameDialog.open}>
            Rename
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={removeDialog.open}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameDialog what="passkey" name={name} opened={renaming} close={renameDialog.close} rename={rename} />
      <RemovePasskey passkey={passkey} isLast={isLast} opened={removing} close={removeDialog.close} />
    </div>
  );
}
