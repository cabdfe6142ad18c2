// Which list of instruments is shown: all of them, or one's own lists, which are made and deleted here.

import { ActionIcon, Button, Group, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { Refusal } from "../../ui/Refusal";
import { done, failed } from "../../ui/toast";
import { LISTS, type Watchlist } from "./lists";

const ALL = "all";

interface ListBarProps {
  lists: readonly Watchlist[];
  /** The list that is shown; all instruments without one. */
  chosen: Watchlist | undefined;
  choose: (id: string | null) => void;
}

export function ListBar({ lists, chosen, choose }: ListBarProps) {
  const [making, setMaking] = useState(false);
  const drop = useMutation({
    mutationFn: async (list: Watchlist) => {
      await api.DELETE("/api/v1/watchlists/{id}", { params: { path: { id: list.id } } });
      choose(null);
      await queries.invalidateQueries(LISTS);
    },
    onSuccess: (_, { name }) => done(`The list ${name} is deleted`),
    onError: (error) => failed("The list was not deleted", error),
  });
  return (
    <Group gap="xs" mb="sm">
      {lists.length > 0 && (
        <SegmentedControl
          aria-label="List"
          size="xs"
          data={[{ value: ALL, label: "All" }, ...lists.map(({ id, name }) => ({ value: id, label: name }))]}
          value={chosen?.id ?? ALL}
          onChange={(id) => choose(id === ALL ? null : id)}
        />
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => setMaking(true)}
      >
        New list
      </Button>
      {chosen && (
        <ActionIcon
          size={30}
          aria-label={`Delete the list ${chosen.name}`}
          loading={drop.isPending}
          onClick={() => drop.mutate(chosen)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
      <Dialog opened={making} onClose={() => setMaking(false)} title="New list" size={400}>
        {making && <NewList close={() => setMaking(false)} choose={choose} />}
      </Dialog>
    </Group>
  );
}

function NewList({ close, choose }: { close: () => void; choose: (id: string) => void }) {
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/watchlists", { body: { name: name.trim(), symbols: [] } });
      await queries.invalidateQueries(LISTS);
      return data;
    },
    onSuccess: (list) => {
      if (list) choose(list.id);
      close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="md">
        <Refusal error={make.error} />
        <TextInput
          label="Name"
          required
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
          Make the list
        </Button>
      </Stack>
    </form>
  );
}
