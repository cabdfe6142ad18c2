// On the administration screen: demonstration data, while it can be filled in and until the page is left afterwards.

import { Card } from "../../ui/Card";
import { Filling, useDemo } from "./Filling";

export function DemoCard() {
  const { data } = useDemo();
  if (data === undefined || data.state === "unavailable") return null;
  return (
    <Card title="Demonstration data" about="For a first look and for development.">
      <Filling demo={data} />
    </Card>
  );
}
