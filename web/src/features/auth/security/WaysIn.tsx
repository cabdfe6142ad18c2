// The ways in that everybody has: address, password, the app and its backup codes.

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count } from "../../../ui/format";
import { useUser } from "../session";
import { BackupCodes } from "./BackupCodes";
import { ChangeEmail } from "./ChangeEmail";
import { ChangePassword } from "./ChangePassword";
import classes from "./Security.module.css";
import { TurnOff } from "./TurnOff";

export function WaysIn({ factors }: { factors: Schemas["SecondFactors"] }) {
  const user = useUser();
  const hasApp = factors.methods.some((method) => String(method) === "totp");
  const [password, passwordDialog] = useDisclosure(false);
  const [email, emailDialog] = useDisclosure(false);
  const [codes, codesDialog] = useDisclosure(false);
  const [off, offDialog] = useDisclosure(false);
  return (
    <Card title="Ways in">
      <Row title="E-mail address" about={user.email}>
        <Do onClick={emailDialog.open} label="Change: e-mail address">
          Change
        </Do>
      </Row>
      <Row title="Password" about="Changing it signs you out everywhere else.">
        <Do onClick={passwordDialog.open} label="Change: password">
          Change
        </Do>
      </Row>
      <Row
        title="Authenticator app"
        about={hasApp ? "On. Its code is asked at a sign-in from any device you do not trust." : "Off."}
      >
        {hasApp ? (
          <Do onClick={offDialog.open} label="Turn off: authenticator app">
            Turn off
          </Do>
        ) : (
          <Button size="xs" variant="default" component={Link} to="/security/authenticator">
            Set it up
          </Button>
        )}
      </Row>
      {factors.methods.length > 0 && (
        <Row title="Backup codes" about={`${count(factors.backup_codes_left)} left. Each works once.`}>
          <Do onClick={codesDialog.open} label="New codes: backup codes">
            New codes
          </Do>
        </Row>
      )}
      <ChangePassword opened={password} close={passwordDialog.close} />
      <ChangeEmail opened={email} close={emailDialog.close} />
      <BackupCodes opened={codes} close={codesDialog.close} />
      <TurnOff opened={off} close={offDialog.close} />
    </Card>
  );
}

function Row({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed" className={classes.break}>
          {about}
        </Text>
      </div>
      {children}
    </div>
  );
}

function Do({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Button size="xs" variant="default" onClick={onClick} aria-label={label}>
      {children}
    </Button>
  );
}
