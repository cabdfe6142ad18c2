// `/not-me`: whoever holds the mailbox says that a sign-in was a stranger's. It takes effect by the button alone, since
// mail scanners open links, too.

import { Button, List, Stack, ThemeIcon } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../../api/client";
import { FormHead } from "../FormHead";
import { forget } from "../session";
import { MailForm, useToken } from "./MailForm";

export function NotMe() {
  const token = useToken();
  const report = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/not-me", { body: { token } });
      await forget();
    },
  });
  if (report.isSuccess) return <Reported />;
  return (
    <MailForm
      title="It was not you?"
      about="Somebody signed in to your account with your password. If that was not you:"
      action="It was not me"
      danger
      busy={report.isPending}
      error={report.error}
      submit={() => report.mutate()}
    >
      <List size="sm" c="dimmed" spacing={4}>
        <List.Item>we end every session and forget that device,</List.Item>
        <List.Item>nobody can sign in until you have chosen a new password by mail,</List.Item>
        <List.Item>it goes on record, and the people who look after this server see it.</List.Item>
      </List>
    </MailForm>
  );
}

function Reported() {
  return (
    <Stack gap="md">
      <ThemeIcon size={48} radius="xl" variant="light" color="teal">
        <IconShieldCheck size={24} />
      </ThemeIcon>
      <FormHead
        title="Your account is closed to everybody"
        about="Every session has ended. Choose a new password by mail, and the account is yours alone again."
      />
      <Button component={Link} to="/forgot-password" size="md">
        Choose a new password
      </Button>
    </Stack>
  );
}
