// What is known of the log, always in sight at the desk: whether it was found whole, and when that was last looked at.

import { IconShieldCheck, IconShieldQuestion, IconShieldX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { $api, type Schemas } from "../../../api/client";
import { count, relative } from "../../../ui/format";
import { useNow } from "../../../ui/now";
import classes from "./Seal.module.css";

const EVERY = { refetchInterval: 30_000, staleTime: 10_000 };

export function Seal() {
  const { data } = $api.useQuery("get", "/api/admin/security/audit-logs/verify-chain", undefined, EVERY);
  const now = useNow();
  if (data === undefined) return null;
  const { icon: Icon, state, title, about } = sealOf(data, now);
  return (
    <Link to="/desk/audit-log" className={classes.seal} data-state={state}>
      <Icon size={20} stroke={1.7} aria-hidden="true" />
      <span>
        <span className={classes.title}>{title}</span>
        <span className={classes.about}>{about}</span>
      </span>
    </Link>
  );
}

/** What the seal says. */
export function sealOf({ running, last }: Schemas["VerificationProgress"], now: number) {
  if (running) {
    return {
      state: "unknown",
      icon: IconShieldQuestion,
      title: "Verifying the log…",
      about: "All of it is read anew",
    };
  }
  if (!last) {
    return { state: "unknown", icon: IconShieldQuestion, title: "Not verified yet", about: "Check the log" };
  }
  if (last.valid) {
    // The clock of the page may be behind that of the server.
    const about = `Verified ${relative(last.at, Math.max(now, Date.parse(last.at)))}`;
    return { state: "whole", icon: IconShieldCheck, title: "Chain intact", about };
  }
  const about = `${count(last.problems)} ${last.problems === 1 ? "problem" : "problems"}, ${relative(last.at, now)}`;
  return { state: "broken", icon: IconShieldX, title: "The log was altered", about };
}
