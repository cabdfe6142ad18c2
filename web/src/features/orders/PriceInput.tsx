// A price as it is typed: dollars a share.

import { NumberInput } from "@mantine/core";

interface PriceInputProps {
  label: string;
  value: string;
  set: (price: string) => void;
}

export function PriceInput({ label, value, set }: PriceInputProps) {
  return (
    <NumberInput
      label={label}
      hideControls
      allowNegative={false}
      thousandSeparator=","
      prefix="$"
      decimalScale={2}
      value={value}
      onValueChange={(typed) => set(typed.value)}
    />
  );
}
