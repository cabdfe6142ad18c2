// Ten backup codes, shown once. Typing one back shows that they are kept.

import { Button, CopyButton, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { save } from "../../../ui/save";
import classes from "./CodesSheet.module.css";

interface CodesSheetProps {
  codes: readonly string[];
  /** Called once a code was typed back. */
  kept: () => void;
}

export function CodesSheet({ codes, kept }: CodesSheetProps) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const check = () => {
    const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    const right = codes.some((code) => plain(code) === plain(typed));
    setWrong(!right);
    if (right) kept();
  };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Each of these signs you in once when your phone is not there. They are shown only now.
      </Text>
      <SimpleGrid
        cols={2}
        spacing={6}
        className={classes.codes}
        component="ul"
        aria-label="Your backup codes"
      >
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </SimpleGrid>
      <Group gap="sm">
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => save("stockade-backup-codes.txt", file(codes))}
        >
          Save as a file
        </Button>
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Type one of them, to show that you kept them"
            autoComplete="off"
            spellCheck={false}
            required
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={wrong ? "That is none of them." : undefined}
          />
          <Button type="submit">I kept them</Button>
        </Stack>
      </form>
    </Stack>
  );
}

function file(codes: readonly string[]): Blob {
  const text = `Backup codes of Stockade at ${location.host}\nEach works once.\n\n${codes.join("\n")}\n`;
  return new Blob([text], { type: "text/plain" });
}
