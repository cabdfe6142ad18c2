// Finds an instrument by symbol or name, from anywhere (Ctrl K).

import { Combobox, Kbd, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { $api } from "../../api/client";
import classes from "./Search.module.css";

export function Search() {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  useHotkeys([["mod+K", () => input.current?.focus()]], []);
  const found = $api.useQuery(
    "get",
    "/api/v1/assets",
    { params: { query: { query: wanted } } },
    { enabled: wanted !== "", staleTime: 600_000, placeholderData: keepPreviousData },
  );
  const items = wanted === "" ? [] : (found.data?.items ?? []).slice(0, 8);
  const go = (symbol: string) => {
    setText("");
    combobox.closeDropdown();
    input.current?.blur();
    void navigate({ to: "/markets/$symbol", params: { symbol } });
  };
  return (
    <search className={classes.search}>
      <Combobox store={combobox} onOptionSubmit={go}>
        <Combobox.Target>
          <TextInput
            ref={input}
            aria-label="Search symbols and companies"
            placeholder="Symbol or company"
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            rightSection={<Kbd size="xs">Ctrl K</Kbd>}
            rightSectionWidth={62}
            rightSectionProps={{ className: "only-wide" }}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              combobox.openDropdown();
              combobox.updateSelectedOptionIndex();
            }}
            onFocus={() => text !== "" && combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={wanted === ""}>
          <Combobox.Options aria-label="Instruments">
            {items.map(({ symbol, name }) => (
              <Combobox.Option key={symbol} value={symbol}>
                <Text span fw={600}>
                  {symbol}
                </Text>{" "}
                <Text span c="dimmed" size="sm">
                  {name}
                </Text>
              </Combobox.Option>
            ))}
            {items.length === 0 && (
              <Combobox.Empty>
                {found.isError ? "The search failed." : found.isFetching ? "Searching…" : "Nothing found."}
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </search>
  );
}
