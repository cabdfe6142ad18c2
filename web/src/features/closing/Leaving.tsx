// Taking everything out, and having everything erased (GDPR, articles 15, 17 and 20).

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/client";
import { Card } from "../../ui/Card";
import { save } from "../../ui/save";
import { done, failed } from "../../ui/toast";
import { Erase } from "./Erase";
import classes from "./Leaving.module.css";

export function Leaving() {
  const [erasing, { open, close }] = useDisclosure(false);
  const take = useMutation({
    mutationFn: async () => {
      const { data } = await api.GET("/api/v1/profile/export", { parseAs: "blob" });
      if (data) save("stockade-export.json", data);
    },
    onSuccess: () => done("Your data is in your downloads"),
    onError: (error) => failed("Your data was not taken out", error),
  });
  return (
    <Card title="Your data">
      <div className={classes.row}>
        <div className={classes.words}>
          <Text fw={550}>Take it with you</Text>
          <Text size="sm" c="dimmed">
            One file with everything: identity in clear, sessions, orders, the ledger, your whole record.
          </Text>
        </div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={take.isPending}
          onClick={() => take.mutate()}
        >
          Export
        </Button>
      </div>
      <div className={classes.row}>
        <div className={classes.words}>
          <Text fw={550}>Erase the account</Text>
          <Text size="sm" c="dimmed">
            Once it is empty. The key that seals your data is destroyed, so nobody reads it again.
          </Text>
        </div>
        <Button size="xs" variant="light" color="red" onClick={open}>
          Erase
        </Button>
      </div>
      <Erase opened={erasing} close={close} />
    </Card>
  );
}
