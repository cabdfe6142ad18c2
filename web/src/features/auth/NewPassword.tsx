// A password being chosen, and what it is worth.

import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { $api } from "../../api/client";
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
  const about = $api.useQuery("get", "/api/v1/about", undefined, { staleTime: Number.POSITIVE_INFINITY });
  const least = about.data?.passwords;
  const alone = least?.least_alone ?? 15;
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
            ? `${alone} characters or more; ${least?.least_with_second_factor ?? 8} beside a second factor.`
            : `${alone} characters or more; four unrelated words do well.`
        }
      />
    </div>
  );
}
