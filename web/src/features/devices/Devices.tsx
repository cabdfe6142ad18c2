// Where the account is open: this device first, then the others; their sessions; and what to do about one that is not
// one's own.

import { Button } from "@mantine/core";
import { IconDevices } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, queries } from "../../api/client";
import { Card } from "../../ui/Card";
import { count } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import { done, failed } from "../../ui/toast";
import { DeviceRow } from "./DeviceRow";
import classes from "./Devices.module.css";
import { SessionRow } from "./SessionRow";
import { type Stranger, WasNotMe } from "./WasNotMe";

const EVERY = { refetchInterval: 30_000 };

export function Devices() {
  const devices = $api.useQuery("get", "/api/v1/devices", undefined, EVERY);
  const sessions = $api.useQuery("get", "/api/v1/sessions", undefined, EVERY);
  const [stranger, setStranger] = useState<Stranger | null>(null);
  const others = (sessions.data?.items ?? []).filter(({ current }) => !current).length;
  const endOthers = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/sessions", {});
    },
    onSuccess: async () => {
      done("You are signed out everywhere else");
      await queries.invalidateQueries();
    },
    onError: (error) => failed("The other sessions were not ended", error),
  });
  return (
    <>
      <PageTitle
        title="Devices and sessions"
        about="Where your account is open. What you do not know, you can close at once."
        actions={
          others > 0 && (
            <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
              Sign out everywhere else
            </Button>
          )
        }
      />
      <div className="halves">
        <Card
          title="Devices"
          about="A device you trust is asked for no second factor as long as nothing looks odd."
          flush
        >
          <Resource of={devices} what="your devices" skeleton={<SkeletonRows rows={2} height={68} />}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty icon={<IconDevices size={22} />} title="No devices">
                  The device of your next sign-in appears here.
                </Empty>
              ) : (
                <ul className={classes.list}>
                  {items.map((device) => (
                    <DeviceRow key={device.id} device={device} disown={() => setStranger({ device })} />
                  ))}
                </ul>
              )
            }
          </Resource>
        </Card>
        <Card
          title="Open sessions"
          about={others === 0 ? "Only this one." : `This one, and ${count(others)} more.`}
          flush
        >
          <Resource of={sessions} what="your sessions" skeleton={<SkeletonRows rows={2} height={60} />}>
            {({ items }) => (
              <ul className={classes.list}>
                {items.map((session) => (
                  <SessionRow key={session.id} session={session} disown={() => setStranger({ session })} />
                ))}
              </ul>
            )}
          </Resource>
        </Card>
      </div>
      <WasNotMe stranger={stranger} close={() => setStranger(null)} />
    </>
  );
}
