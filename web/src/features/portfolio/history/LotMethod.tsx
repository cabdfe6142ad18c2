// Which of one's shares a sale takes.

import { Radio, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { $api, api, queries } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import { done, failed } from "../../../ui/toast";

const METHODS = [
  { value: "fifo", label: "First in, first out", about: "The oldest shares are sold first." },
  { value: "lifo", label: "Last in, first out", about: "The newest shares are sold first." },
  { value: "hifo", label: "Highest cost first", about: "The shares that cost most are sold first." },
  { value: "average", label: "Average cost", about: "Every share costs the average of all." },
];

const PATH = "/api/v1/portfolio/lot-method";

export function LotMethod() {
  const chosen = $api.useQuery("get", PATH);
  const choose = useMutation({
    mutationFn: async (method: string) => {
      await api.PUT(PATH, { body: { method } });
    },
    onSuccess: () => done("From the next sale on, shares are taken this way"),
    onError: (error) => failed("Your choice was not saved", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", PATH] }),
  });
  return (
    <Card title="How sales take shares" about="Decides what a sale earns, from the next one on.">
      <Resource of={chosen} what="your choice" skeleton={<SkeletonRows rows={4} />}>
        {({ method }) => (
          <Radio.Group
            aria-label="How sales take shares"
            value={choose.isPending ? choose.variables : method}
            onChange={(next) => choose.mutate(next)}
          >
            <Stack gap="sm">
              {METHODS.map(({ value, label, about }) => (
                <Radio key={value} value={value} label={label} description={about} />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </Resource>
    </Card>
  );
}
