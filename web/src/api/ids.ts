// Ids for nonces and idempotency keys: UUIDv7 (RFC 9562 section 5.7), since the server keeps those that rise side by side.

export { v7 as newId } from "uuid";
