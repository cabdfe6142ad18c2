// Everything that keeps the account safe: what is on, what is missing, and what happened lately.

import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { $api, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count } from "../../../ui/format";
import { PageTitle } from "../../../ui/PageTitle";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import { useUser } from "../session";
import { BackupCodes } from "./BackupCodes";
import { ChangeEmail } from "./ChangeEmail";
import { ChangePassword } from "./ChangePassword";
import { RecentEvents } from "./RecentEvents";
import classes from "./Security.module.css";
import { TurnOff } from "./TurnOff";

/** Below this many backup codes it is time for new ones. */
const FEW = 3;

export function Security() {
  const factors = $api.useQuery("get", "/api/v1/auth/2fa");
  return (
    <>
      <PageTitle title="Security" about="How you prove that it is you, and what happened lately." />
      <div className={classes.grid}>
        <Resource of={factors} what="your second factors" skeleton={<SkeletonRows rows={4} height={72} />}>
          {(data) => <Factors factors={data} />}
        </Resource>
        <RecentEvents />
      </div>
    </>
  );
}

function Factors({ factors }: { factors: Schemas["SecondFactors"] }) {
  const user = useUser();
  const hasApp = factors.methods.some((method) => String(method) === "totp");
  const left = factors.backup_codes_left;
  const [password, passwordDialog] = useDisclosure(false);
  const [email, emailDialog] = useDisclosure(false);
  const [codes, codesDialog] = useDisclosure(false);
  const [off, offDialog] = useDisclosure(false);
  return (
    <Stack gap={16}>
      <Card title="Safety checklist">
        <ul className={classes.list}>
          <Check
            good
            title="A password of your own"
            about="Fifteen characters or more, known from no breach."
          />
          <Check
            good={hasApp}
            title="An authenticator app"
            about="A stolen password alone opens nothing then."
            action={
              hasApp ? undefined : (
                <Button size="xs" component={Link} to="/security/authenticator">
                  Set it up
                </Button>
              )
            }
          />
          {hasApp && (
            <Check
              good={left >= FEW}
              title="Backup codes to hand"
              about={
                left === 0
                  ? "None is left."
                  : `${count(left)} of ten are left, for the day you lose your phone.`
              }
              action={
                left < FEW ? (
                  <Button size="xs" onClick={codesDialog.open}>
                    New codes
                  </Button>
                ) : undefined
              }
            />
          )}
        </ul>
      </Card>
      <Card title="Ways in">
        <Row title="E-mail address" about={user.email} action="Change" onClick={emailDialog.open} />
        <Row
          title="Password"
          about="Changing it signs you out everywhere else."
          action="Change"
          onClick={passwordDialog.open}
        />
        {hasApp ? (
          <>
            <Row
              title="Authenticator app"
              about="On. Its code is asked at every sign-in."
              action="Turn off"
              onClick={offDialog.open}
            />
            <Row
              title="Backup codes"
              about={`${count(left)} left. Each works once.`}
              action="New codes"
              onClick={codesDialog.open}
            />
          </>
        ) : (
          <div className={classes.row}>
            <div>
              <Text fw={550}>Authenticator app</Text>
              <Text size="sm" c="dimmed">
                Off.
              </Text>
            </div>
            <Button size="xs" component={Link} to="/security/authenticator">
              Set it up
            </Button>
          </div>
        )}
      </Card>
      <ChangePassword opened={password} close={passwordDialog.close} />
      <ChangeEmail opened={email} close={emailDialog.close} />
      <BackupCodes opened={codes} close={codesDialog.close} />
      <TurnOff opened={off} close={offDialog.close} />
    </Stack>
  );
}

interface CheckProps {
  good: boolean;
  title: string;
  about: string;
  action?: ReactNode;
}

function Check({ good, title, about, action }: CheckProps) {
  return (
    <li className={classes.check}>
      {good ? (
        <IconCircleCheck size={22} className="up" aria-label="Done" />
      ) : (
        <IconCircleDashed size={22} className={classes.open} aria-label="To do" />
      )}
      <div className={classes.words}>
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      </div>
      {action}
    </li>
  );
}

interface RowProps {
  title: string;
  about: string;
  action: string;
  onClick: () => void;
}

function Row({ title, about, action, onClick }: RowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed" className={classes.break}>
          {about}
        </Text>
      </div>
      <Button size="xs" variant="default" onClick={onClick} aria-label={`${action}: ${title.toLowerCase()}`}>
        {action}
      </Button>
    </div>
  );
}
