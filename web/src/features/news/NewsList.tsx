// News as a list: plain text, and a link to where the whole story is.

import { Badge, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { relative } from "../../ui/format";
import { useNow } from "../../ui/now";
import classes from "./News.module.css";

export type Item = Schemas["NewsItem"];

interface NewsListProps {
  items: readonly Item[];
  /** Without summaries, for a small place. */
  short?: boolean;
}

export function NewsList({ items, short = false }: NewsListProps) {
  const now = useNow();
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={item.id} className={classes.item}>
          <Title item={item} />
          {!short && item.summary !== "" && (
            <Text size="sm" c="dimmed" className={classes.summary}>
              {item.summary}
            </Text>
          )}
          <div className={classes.about}>
            <span>{item.source}</span>
            <time dateTime={item.published_at}>{relative(item.published_at, now)}</time>
            {item.sample && (
              <Badge size="sm" variant="light" color="yellow">
                Sample
              </Badge>
            )}
            {item.symbols.map((symbol) => (
              <Link key={symbol} to="/markets/$symbol" params={{ symbol }} className={classes.symbol}>
                {symbol}
              </Link>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Title({ item }: { item: Item }) {
  if (!item.link) return <span className={classes.title}>{item.title}</span>;
  return (
    <a className={classes.title} href={item.link} target="_blank" rel="noopener noreferrer nofollow">
      {item.title}
      <span className="hidden-visually"> (opens in a new tab)</span>
    </a>
  );
}
