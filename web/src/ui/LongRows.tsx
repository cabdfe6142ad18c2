// The body of a very long table: only what is in sight, and a little around it, is on the page. The next page comes by
// itself for whoever has asked for more once and scrolls on.

import { Table } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RowsProps } from "./Rows";

const USUAL_HEIGHT = 53;
const AROUND = 12;
/** So many rows before the end the next page is asked for. */
const NEAR_THE_END = 20;

export function LongRows({ items, keyOf, of, children }: RowsProps<unknown>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { rows, margin, whole } = useWindowed(body, items, keyOf);
  const [first, last] = [rows[0], rows.at(-1)];
  const isNearEnd = last !== undefined && last.index >= items.length - NEAR_THE_END;
  const wantsMore = isNearEnd && of.hasNextPage && !of.isFetchingNextPage;
  useEffect(() => {
    if (wantsMore) of.fetchNextPage();
  }, [wantsMore, of.fetchNextPage]);
  return (
    <Table.Tbody ref={body}>
      <Space height={first ? first.start - margin : 0} />
      {rows.map(({ index }) => children(items[index]))}
      <Space height={last ? whole - (last.end - margin) : 0} />
    </Table.Tbody>
  );
}

/** Stands for the rows that are not there. */
function Space({ height }: { height: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row cannot be focused
    <tr aria-hidden="true" data-space="" style={{ height: Math.max(height, 0) }}>
      <td colSpan={99} style={{ padding: 0, border: 0 }} />
    </tr>
  );
}

function useWindowed(
  body: RefObject<HTMLTableSectionElement | null>,
  items: readonly unknown[],
  keyOf: (item: unknown) => string,
) {
  const [margin, setMargin] = useState(0);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => USUAL_HEIGHT,
    getItemKey: (index) => keyOf(items[index]),
    overscan: AROUND,
    scrollMargin: margin,
  });
  const rows = virtual.getVirtualItems();
  useFixedColumns(body);
  // What is above the table may have changed its height, and rows their own, with each drawing.
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const top = Math.round(element.getBoundingClientRect().top + globalThis.scrollY);
    if (Math.abs(top - margin) > 1) setMargin(top);
    element.closest("table")?.setAttribute("aria-rowcount", String(items.length + 1));
    const drawn = element.querySelectorAll<HTMLTableRowElement>("tr:not([data-space])");
    drawn.forEach((row, position) => {
      const index = rows[position]?.index;
      if (index === undefined) return;
      row.setAttribute("data-index", String(index));
      row.setAttribute("aria-rowindex", String(index + 2));
      virtual.measureElement(row);
    });
  });
  return { rows, margin, whole: virtual.getTotalSize() };
}

/** Rows come and go; columns keep the widths they have, so that nothing moves sideways. */
function useFixedColumns(body: RefObject<HTMLTableSectionElement | null>) {
  useLayoutEffect(() => {
    const table = body.current?.closest("table");
    if (!table) return;
    const heads = table.querySelectorAll("th");
    const release = () => {
      table.style.tableLayout = "";
      for (const head of heads) head.style.width = "";
    };
    const fix = () => {
      release();
      const widths = Array.from(heads, (head) => (head.offsetWidth / table.offsetWidth) * 100);
      heads.forEach((head, index) => {
        head.style.width = `${widths[index]}%`;
      });
      table.style.tableLayout = "fixed";
    };
    fix();
    addEventListener("resize", fix);
    return () => {
      removeEventListener("resize", fix);
      release();
    };
  }, [body]);
}
