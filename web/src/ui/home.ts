// Where somebody begins, by their role.

const AT_THE_DESK = ["analyst", "auditor", "admin"];

export function isAtTheDesk(role: string): boolean {
  return AT_THE_DESK.includes(role);
}

/** Where somebody of this role begins. */
export function homeOf(role: string): "/" | "/desk/sign-ins" | "/markets" {
  if (isAtTheDesk(role)) return "/desk/sign-ins";
  return role === "customer" ? "/" : "/markets";
}
