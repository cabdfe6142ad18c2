// Administration: who is here and with which role, which programs are told of what happens, what can be traded, and how
// this server is set up.

import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageTitle } from "../../ui/PageTitle";
import { People } from "../auth/people/People";
import { useUser } from "../auth/session";
import { Webhooks } from "../webhooks/Webhooks";
import { Assets } from "./Assets";
import { Server } from "./Server";

export const TABS = ["people", "webhooks", "assets", "server"] as const;
export type AdministrationTab = (typeof TABS)[number];

const LABELS: Record<AdministrationTab, string> = {
  people: "People",
  webhooks: "Webhooks",
  assets: "Assets",
  server: "Server",
};

export function Administration() {
  const { tab = "people" } = useSearch({ strict: false }) as { tab?: AdministrationTab };
  const navigate = useNavigate();
  const isAdmin = useUser().role === "admin";
  const shown = TABS.filter((each) => isAdmin || each !== "webhooks");
  return (
    <>
      <PageTitle
        title="Administration"
        about="People and roles, webhooks, assets, and this server."
        actions={
          <SegmentedControl
            aria-label="What to administer"
            data={shown.map((value) => ({ value, label: LABELS[value] }))}
            value={tab}
            onChange={(next) => navigate({ to: "/desk/admin", search: { tab: next as AdministrationTab } })}
          />
        }
      />
      {tab === "people" && <People />}
      {tab === "webhooks" && isAdmin && <Webhooks />}
      {tab === "assets" && <Assets />}
      {tab === "server" && <Server />}
    </>
  );
}
