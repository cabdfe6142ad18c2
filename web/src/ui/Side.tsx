// A panel that comes in from the right, over the page that it is about. Its head is no page header, as a dialog's is not.

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Dialog.module.css";
import { useEscape } from "./dialogs";

interface SideProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

export function Side({ opened, onClose, title, children }: SideProps) {
  useEscape(opened, onClose);
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size={440} closeOnEscape={false}>
      <Drawer.Overlay className={classes.behind} />
      <Drawer.Content className={classes.side}>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
