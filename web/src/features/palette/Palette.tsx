// The command palette: places, instruments and, for the desk, people and incidents. Arrow keys choose, Enter goes there.

import { Combobox, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { $api } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { shortly } from "../../ui/format";
import { isAtTheDesk } from "../../ui/home";
import { placesOf } from "../../ui/places";
import { useUser } from "../auth/session";
import { standing } from "../incidents/words";
import { matching } from "./find";
import classes from "./Palette.module.css";

const MOST = 6;

interface Offer {
  key: string;
  label: string;
  about?: string;
  go: () => void;
}

interface Group {
  heading: string;
  offers: Offer[];
}

interface PaletteProps {
  close: () => void;
  /** What was typed before the field was there. */
  takeEarly: () => string;
}

export function Palette({ close, takeEarly }: PaletteProps) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 120);
  const { groups, isBusy } = useOffers(text.trim(), wanted);
  const combobox = useCombobox({ defaultOpened: true });
  const known = groups.map(({ offers }) => offers.map(({ key }) => key).join()).join();
  // The first offer is what Enter takes, whenever there are others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the offers that matter
  useEffect(() => {
    combobox.selectFirstOption();
  }, [known]);
  const choose = (key: string) => {
    const offer = groups.flatMap(({ offers }) => offers).find((each) => each.key === key);
    close();
    offer?.go();
  };
  return (
    <Dialog opened onClose={close} title="Go to" size={560}>
      <Combobox store={combobox} onOptionSubmit={choose}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            aria-label="What to find"
            placeholder="A symbol, a company, a page"
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            value={text}
            onFocus={() => {
              const early = takeEarly();
              setText((typed) => early + typed);
            }}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Combobox.EventsTarget>
        <Combobox.Options aria-label="Found" className={classes.options}>
          {groups.map(({ heading, offers }) => (
            <Combobox.Group key={heading} label={heading}>
              {offers.map(({ key, label, about }) => (
                <Combobox.Option key={key} value={key} className={classes.option}>
                  <Text span fw={600} size="md" style={{ whiteSpace: "nowrap" }}>
                    {label}
                  </Text>
                  {about && <span className={classes.about}>{about}</span>}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {text.trim() !== "" && groups.length === 0 && (
            <Combobox.Empty>
              {isBusy || text.trim() !== wanted ? "Searching…" : "Nothing found."}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox>
    </Dialog>
  );
}

/** What there is for what was typed; without anything typed, the places. Pages and cases are known here and follow each key;
 *  the server is asked for the rest once somebody pauses. */
function useOffers(typed: string, wanted: string): { groups: Group[]; isBusy: boolean } {
  const navigate = useNavigate();
  const { role } = useUser();
  const isDesk = isAtTheDesk(role);
  const asks = { enabled: wanted !== "", staleTime: 60_000, placeholderData: keepPreviousData };
  const assets = $api.useQuery("get", "/api/v1/assets", { params: { query: { query: wanted } } }, asks);
  const people = $api.useQuery(
    "get",
    "/api/admin/users",
    { params: { query: { query: wanted, limit: MOST } } },
    { ...asks, enabled: isDesk && wanted !== "" },
  );
  const incidents = $api.useQuery(
    "get",
    "/api/admin/security/incidents",
    { params: { query: { limit: 100 } } },
    { enabled: isDesk && wanted !== "", staleTime: 15_000 },
  );
  const places = placesOf(role)
    .flatMap(({ entries }) => [...entries])
    .map(({ to, label }) => ({ key: to, label, go: () => void navigate({ to }) }));
  const cases = (incidents.data?.items ?? []).map((incident) => ({
    key: incident.id,
    label: incident.title,
    about: [incident.subject?.email ?? incident.network, shortly(incident.opened_at), standing(incident)]
      .filter(Boolean)
      .join(", "),
    go: () => void navigate({ to: "/desk/incidents/$id", params: { id: incident.id } }),
  }));
  const groups = [
    { heading: "Pages", offers: typed === "" ? places : matching(places, typed) },
    {
      heading: "Instruments",
      offers: (typed === "" || wanted === "" ? [] : (assets.data?.items ?? []))
        .slice(0, MOST)
        .map(({ symbol, name }) => ({
          key: `asset ${symbol}`,
          label: symbol,
          about: name,
          go: () => void navigate({ to: "/markets/$symbol", params: { symbol } }),
        })),
    },
    {
      heading: "People",
      offers: (typed === "" || wanted === "" ? [] : (people.data?.items ?? [])).map(
        ({ id, email, name }) => ({
          key: id,
          label: email,
          ...(name ? { about: name } : {}),
          go: () => void navigate({ to: "/desk/sign-ins", search: { user: id } }),
        }),
      ),
    },
    { heading: "Incidents", offers: matching(cases, typed).slice(0, MOST) },
  ];
  return {
    groups: groups.filter(({ offers }) => offers.length > 0),
    isBusy: assets.isFetching || people.isFetching,
  };
}
