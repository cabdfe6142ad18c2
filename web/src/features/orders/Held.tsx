// What its owner is told of something that waits for review: why, until when, what happens next, and that they may say
// that it was them.

import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, queries, type Schemas } from "../../api/client";
import { shortly } from "../../ui/format";
import { done, failed } from "../../ui/toast";
import classes from "./Orders.module.css";
import { reasonsInWords } from "./status";

interface HeldProps {
  kind: "order" | "withdrawal";
  id: string;
  review: Schemas["ReviewView"];
}

export function Held({ kind, id, review }: HeldProps) {
  const confirm = useMutation({
    mutationFn: async () => {
      const where = { params: { path: { id } }, headers: { "Idempotency-Key": `confirm-${id}` } };
      await (kind === "order"
        ? api.POST("/api/v1/orders/{id}/confirm", where)
        : api.POST("/api/v1/cash/withdrawals/{id}/confirm", where));
    },
    onSuccess: () => done("Thank you. Whoever reviews it sees that."),
    onError: (error) => failed("That was not noted", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get"] }),
  });
  if (review.state !== "open") return null;
  return (
    <>
      <Text size="xs" c="dimmed" mt={4} className={classes.why ?? ""}>
        {reasonsInWords(review.reasons)} A person looks at it by {shortly(review.expires_at)}; if nobody does,
        it is called off and what it holds is yours again.
      </Text>
      {review.answered_at ? (
        <Text size="xs" mt={4}>
          You said that it was you.
        </Text>
      ) : (
        <Button
          mt={6}
          size="compact-sm"
          variant="light"
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          It was me
        </Button>
      )}
    </>
  );
}
