// The frame of screens for people who are not signed in: what Stockade is on one side, the form on the other.

import { Text, Title } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { Logo } from "../../ui/Logo";
import { ThemeSwitch } from "../../ui/ThemeSwitch";
import { Illustration } from "./Illustration";
import classes from "./Outside.module.css";

export function Outside() {
  return (
    <div className={classes.split}>
      <aside className={classes.story} aria-label="About Stockade">
        <Logo />
        <Illustration />
        <div>
          <Title order={2} className={classes.claim}>
            Invest on a server
            <br />
            you control.
          </Title>
          <Text className={classes.more}>
            Every sign-in is checked and every order confirmed. What happens to your account stands in a log
            that you can verify yourself.
          </Text>
        </div>
      </aside>
      <main className={classes.side}>
        <div className={classes.top}>
          <span className="only-narrow">
            <Logo />
          </span>
          <ThemeSwitch />
        </div>
        <div className={classes.form}>
          <Outlet />
        </div>
      </main>
    </div>
  );
}
