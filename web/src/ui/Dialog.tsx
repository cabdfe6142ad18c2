// A modal dialog. Its head is no page header, which Mantine's own would be to a screen reader.

import { type MantineSize, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Dialog.module.css";
import { useEscape, useReturn } from "./dialogs";

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: MantineSize | number;
  closeOnClickOutside?: boolean;
  /** Above every other dialog, for one that another one's request opens. */
  onTop?: boolean;
  children: ReactNode;
}

export function Dialog({
  opened,
  onClose,
  title,
  size = 440,
  closeOnClickOutside = true,
  onTop = false,
  children,
}: DialogProps) {
  useReturn(opened);
  useEscape(opened, onClose);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      returnFocus={false}
      closeOnEscape={false}
      size={size}
      centered
      zIndex={onTop ? 300 : 200}
      closeOnClickOutside={closeOnClickOutside}
    >
      <Modal.Overlay className={classes.behind} />
      <Modal.Content className={classes.content}>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
