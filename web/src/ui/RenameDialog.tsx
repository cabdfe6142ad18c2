// Another name for something that is one's own.

import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "./Dialog";
import { Refusal } from "./Refusal";

/** The longest name that the server takes, in characters. */
const LONGEST = 100;

interface RenameDialogProps {
  /** What is renamed, as in "device". */
  what: string;
  name: string;
  opened: boolean;
  close: () => void;
  rename: (name: string) => Promise<void>;
}

export function RenameDialog({ what, opened, close, ...form }: RenameDialogProps) {
  return (
    <Dialog opened={opened} onClose={close} title={`Rename the ${what}`} size={400}>
      {opened && <Form close={close} {...form} />}
    </Dialog>
  );
}

function Form({ name, close, rename }: Pick<RenameDialogProps, "name" | "close" | "rename">) {
  const [typed, setTyped] = useState(name);
  const save = useMutation({ mutationFn: () => rename(typed.trim()), onSuccess: close });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Refusal error={save.error} />
        <TextInput
          label="Name"
          required
          maxLength={LONGEST}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} disabled={typed.trim() === ""}>
          Rename
        </Button>
      </Stack>
    </form>
  );
}
