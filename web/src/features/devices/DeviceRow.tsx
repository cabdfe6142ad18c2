// One device: what it is, whether it is trusted, and what may be done with it.

import { ActionIcon, Badge, Button, Group, Menu, Text } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconDeviceMobile,
  IconDots,
  IconPencil,
  IconShieldCheck,
  IconShieldOff,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { date, relative } from "../../ui/format";
import { useNow } from "../../ui/now";
import { RenameDialog } from "../../ui/RenameDialog";
import { done, failed } from "../../ui/toast";
import classes from "./Devices.module.css";

export type Device = Schemas["DeviceView"];

interface DeviceRowProps {
  device: Device;
  /** Says that it is a stranger's. */
  disown: () => void;
}

export function DeviceRow({ device, disown }: DeviceRowProps) {
  const now = useNow();
  const [renaming, setRenaming] = useState(false);
  const trust = useMutation({
    mutationFn: (trusted: boolean) => change(device.id, { trusted }),
    onSuccess: (_, trusted) =>
      done(trusted ? `You trust ${device.name}` : `${device.name} is trusted no more`),
    onError: (error) => failed("The device was not changed", error),
  });
  const isPhone = device.os === "Android" || device.os === "iOS";
  const Icon = isPhone ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li className={classes.row} data-current={device.current || undefined}>
      <span className={classes.icon}>
        <Icon size={22} stroke={1.6} aria-hidden="true" />
      </span>
      <div className={classes.words}>
        <Group gap={8}>
          <Text fw={600}>{device.name}</Text>
          {device.current && <Badge variant="light">This device</Badge>}
          {device.trusted && (
            <Badge variant="light" color="teal">
              Trusted
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {programOf(device)}
          {device.place && (
            <>
              {" from "}
              <span className="mono">{device.place}</span>
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {device.current ? "In use now" : `Last seen ${relative(device.last_seen_at, now)}`}, known since{" "}
          {date(device.created_at)}
        </Text>
      </div>
      <div className={classes.actions}>
        {!device.current && (
          <Button
            size="xs"
            variant="default"
            onClick={disown}
            aria-label={`This wasn\u2019t me: ${device.name}`}
          >
            This wasn’t me
          </Button>
        )}
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon size={32} aria-label={`Change ${device.name}`} loading={trust.isPending}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setRenaming(true)}>
              Rename
            </Menu.Item>
            <Menu.Item
              leftSection={device.trusted ? <IconShieldOff size={16} /> : <IconShieldCheck size={16} />}
              onClick={() => trust.mutate(!device.trusted)}
            >
              {device.trusted ? "Trust it no more" : "Trust it"}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <RenameDialog
        what="device"
        name={device.name}
        opened={renaming}
        close={() => setRenaming(false)}
        rename={(name) => change(device.id, { name })}
      />
    </li>
  );
}

/** The program, unless its name says it already. */
function programOf({ name, browser, os }: Device): string {
  const program = [browser, os].filter(Boolean).join(" on ");
  return program === "" || program === name ? "Signed in" : program;
}

async function change(id: string, body: Schemas["ChangeDevice"]): Promise<void> {
  await api.PATCH("/api/v1/devices/{id}", { params: { path: { id } }, body });
  await queries.invalidateQueries();
}
