// A refusal's words beside the fields they are about.

import { asProblem } from "../../api/problem";

interface FieldForm {
  values: object;
  setFieldError: (field: string, detail: string) => void;
}

/** Shows what the server says of fields that the form has; of nested ones the last part of the name counts. */
export function showFieldErrors(form: FieldForm): (error: unknown) => void {
  return (error) => {
    for (const { field, detail } of asProblem(error).fields) {
      const name = field.split(".").at(-1) ?? field;
      if (name in form.values) form.setFieldError(name, detail);
    }
  };
}
