// A password being chosen, and what it is worth.

import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { Strength } from "./Strength";

interface NewPasswordProps extends PasswordInputProps {
  /** What is typed so far, and whose it will be. */
  password: string;
  email?: string;
  name?: string;
  /** Whether a second factor may stand beside it; then it may be shorter. */
  shorter?: boolean;
}

export function NewPassword({
  password,
  email = "",
  name = "",
  shorter = false,
  label = "Password",
  ...props
}: NewPasswordProps) {
  return (
    <div>
      <PasswordInput label={label} autoComplete="new-password" required mb={8} {...props} />
      <Strength
        password={password}
        email={email}
        person={name}
        secondFactor={shorter}
        rule={
          shorter
            ? "15 characters or more; 8 beside a second factor."
            : "15 characters or more; four unrelated words do well."
        }
      />
    </div>
  );
}
