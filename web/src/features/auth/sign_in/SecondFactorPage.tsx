// `/login/second-factor#challenge=…&methods=…`: where a provider's sign-in ends that still waits for its second factor.
// The fragment, which no server sees, is taken out of the address at once.

import { Anchor, Stack } from "@mantine/core";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { FormHead } from "../FormHead";
import { begin, type User } from "../session";
import { challengeOf } from "./fragment";
import { askedOf, SecondFactor } from "./SecondFactor";

export function SecondFactorPage() {
  const [challenge, setChallenge] = useState(() => challengeOf(location.hash));
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(() => history.replaceState(history.state, "", location.pathname), []);
  if (challenge === null) {
    return (
      <Stack gap="md">
        <FormHead title="Begin again" about="This sign-in has expired, or the page was opened without one." />
        <Anchor component={Link} to="/sign-in" underline="always">
          To the sign-in
        </Anchor>
      </Stack>
    );
  }
  const enter = async (user: User) => {
    await begin(user);
    await router.invalidate();
    await navigate({ to: "/" });
  };
  return (
    <SecondFactor
      key={challenge.challenge}
      of={challenge}
      about={askedOf(challenge, "The provider knows you.")}
      enter={enter}
      next={setChallenge}
      back={() => void navigate({ to: "/sign-in" })}
    />
  );
}
