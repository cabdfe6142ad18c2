// Narrows a list down to one person, found by address or name.

import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUser } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { $api } from "../../../api/client";
import { useNames } from "./people";

interface PersonFilterProps {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

export function PersonFilter({ value, onChange }: PersonFilterProps) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const nameOf = useNames([value]);
  const chosen = value === undefined ? undefined : { value, label: nameOf(value) };
  const isTyped = wanted !== "" && wanted !== chosen?.label;
  const found = $api.useQuery(
    "get",
    "/api/admin/users",
    { params: { query: { limit: 8, ...(isTyped ? { query: wanted } : {}) } } },
    { staleTime: 60_000, placeholderData: keepPreviousData },
  );
  const options = (found.data?.items ?? []).map(({ id, email }) => ({ value: id, label: email }));
  const data = chosen && !options.some((option) => option.value === value) ? [chosen, ...options] : options;
  return (
    <Select
      aria-label="Whose"
      placeholder="Anybody"
      leftSection={<IconUser size={16} aria-hidden="true" />}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Anybody" }}
      w={230}
      data={data}
      filter={({ options }) => options}
      nothingFoundMessage="Nobody of that name"
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
