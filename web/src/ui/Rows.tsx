// The body of a table that may be very long: beyond what a browser draws at once without effort, only what is in sight is on
// the page.

import { Table } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";

/** Up to so many rows are all drawn. */
const ALL_AT_ONCE = 100;

/** Few lists grow so long, so this comes once one does. */
const LongRows = lazy(() => import("./LongRows").then(({ LongRows }) => ({ default: LongRows })));

export interface RowsProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Where the next page comes from. */
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  children: (item: T) => ReactNode;
}

export function Rows<T>(props: RowsProps<T>) {
  const { items, keyOf, of, children } = props;
  const first = <Table.Tbody>{items.slice(0, ALL_AT_ONCE).map(children)}</Table.Tbody>;
  if (items.length <= ALL_AT_ONCE) return first;
  return (
    <Suspense fallback={first}>
      <LongRows items={items} keyOf={(item) => keyOf(item as T)} of={of}>
        {(item) => children(item as T)}
      </LongRows>
    </Suspense>
  );
}
