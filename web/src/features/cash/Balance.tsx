// How much cash there is, what of it is held, and the ways in and out.

import { Button, Group, Skeleton, Text } from "@mantine/core";
import { IconArrowUpRight, IconPlus } from "@tabler/icons-react";
import { $api } from "../../api/client";
import { Card, Fact } from "../../ui/Card";
import { exact, sign } from "../../ui/decimal";
import { money } from "../../ui/format";
import { Resource } from "../../ui/states";
import classes from "./Cash.module.css";

interface BalanceProps {
  add: () => void;
  withdraw: () => void;
}

export function Balance({ add, withdraw }: BalanceProps) {
  const cash = $api.useQuery("get", "/api/v1/cash");
  return (
    <Card
      title="Cash"
      about="What you can spend or take out"
      actions={
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowUpRight size={14} />}
            disabled={!cash.data || sign(exact(cash.data.available)) <= 0}
            onClick={withdraw}
          >
            Withdraw
          </Button>
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            Add cash
          </Button>
        </Group>
      }
    >
      <Resource of={cash} what="your cash" skeleton={<Skeleton height={48} />}>
        {({ available, held, currency }) => (
          <>
            <div className={classes.facts}>
              <Fact label="Available">{money(available, currency)}</Fact>
              <Fact label="Held">{money(held, currency)}</Fact>
            </div>
            <Text size="xs" c="dimmed" mt={6}>
              Open orders and withdrawals that are under way hold cash.
            </Text>
          </>
        )}
      </Resource>
    </Card>
  );
}
