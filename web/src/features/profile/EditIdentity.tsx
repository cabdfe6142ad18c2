// Giving identity data. What is masked is not shown here at all: what is left empty stays as it is.

import { Button, Fieldset, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";
import { showFieldErrors } from "../auth/fieldErrors";
import { BLANK, requestOf } from "./request";

interface EditIdentityProps {
  opened: boolean;
  close: () => void;
}

export function EditIdentity({ opened, close }: EditIdentityProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Identity data" size={620} closeOnClickOutside={false}>
      {opened && <Form close={close} />}
    </Dialog>
  );
}

const COLUMNS = { cols: { base: 1, xs: 2 }, spacing: "sm", verticalSpacing: "sm" } as const;

function Form({ close }: { close: () => void }) {
  const form = useForm({ initialValues: BLANK });
  const save = useMutation({
    mutationFn: async (values: typeof BLANK) => {
      await api.PUT("/api/v1/profile", { body: requestOf(values) });
    },
    onSuccess: async () => {
      done("Your identity data is saved");
      close();
      await queries.invalidateQueries();
    },
    onError: showFieldErrors(form),
  });
  const field = (name: keyof typeof BLANK) => form.getInputProps(name);
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          What you leave empty stays as it is.
        </Text>
        <Refusal error={save.error} />
        <Fieldset legend="Person" variant="unstyled">
          <SimpleGrid {...COLUMNS}>
            <TextInput
              label="Social Security number"
              placeholder="536-90-4399"
              autoComplete="off"
              inputMode="numeric"
              data-autofocus
              {...field("ssn")}
            />
            <TextInput label="Date of birth" type="date" autoComplete="bday" {...field("birth_date")} />
            <TextInput
              label="Telephone"
              type="tel"
              placeholder="+1 202 555 0143"
              autoComplete="tel"
              {...field("phone")}
            />
          </SimpleGrid>
        </Fieldset>
        <Fieldset legend="Address" variant="unstyled">
          <SimpleGrid {...COLUMNS}>
            <TextInput label="Street and number" autoComplete="address-line1" {...field("line1")} />
            <TextInput label="Flat, floor, care of" autoComplete="address-line2" {...field("line2")} />
            <TextInput label="City" autoComplete="address-level2" {...field("city")} />
            <TextInput
              label="State or region"
              placeholder="IL"
              autoComplete="address-level1"
              {...field("region")}
            />
            <TextInput label="Postal code" autoComplete="postal-code" {...field("postal_code")} />
            <TextInput
              label="Country, two letters"
              placeholder="US"
              maxLength={2}
              autoComplete="country"
              {...field("country")}
            />
          </SimpleGrid>
        </Fieldset>
        <Fieldset legend="Bank account" variant="unstyled">
          <SimpleGrid {...COLUMNS}>
            <TextInput
              label="Routing number"
              placeholder="021000021"
              autoComplete="off"
              inputMode="numeric"
              {...field("routing_number")}
            />
            <TextInput
              label="Account number"
              autoComplete="off"
              inputMode="numeric"
              {...field("account_number")}
            />
            <NativeSelect
              label="Kind"
              data={[
                { value: "checking", label: "Checking" },
                { value: "savings", label: "Savings" },
              ]}
              {...field("kind")}
            />
          </SimpleGrid>
        </Fieldset>
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
