import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useEscape } from "./dialogs";

function Layer({ opened = true, close }: { opened?: boolean; close: () => void }) {
  useEscape(opened, close);
  return <input data-testid="field" />;
}

afterEach(cleanup);

it("closes the topmost dialog alone, and the one below with the next press", () => {
  const [below, above] = [vi.fn(), vi.fn()];
  const { rerender } = render(
    <>
      <Layer close={below} />
      <Layer close={above} />
    </>,
  );
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect([below.mock.calls.length, above.mock.calls.length]).toEqual([0, 1]);
  rerender(
    <>
      <Layer close={below} />
      <Layer opened={false} close={above} />
    </>,
  );
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect([below.mock.calls.length, above.mock.calls.length]).toEqual([1, 1]);
});

it("leaves the press to a list that is open within the dialog", () => {
  const close = vi.fn();
  const { getByTestId } = render(<Layer close={close} />);
  const field = getByTestId("field");
  field.dataset.mantineStopPropagation = "true";
  fireEvent.keyDown(field, { key: "Escape" });
  expect(close).not.toHaveBeenCalled();
});
