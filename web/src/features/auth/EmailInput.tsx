// The address that somebody signs in with.

import { TextInput, type TextInputProps } from "@mantine/core";

export function EmailInput(props: TextInputProps) {
  return <TextInput label="E-mail address" type="email" autoComplete="username" required {...props} />;
}
