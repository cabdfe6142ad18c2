#!/bin/sh
# Buys one share with a signed request, with curl and openssl.
#
#   STOCKADE_URL=http://localhost:8000 STOCKADE_API_KEY=stk_... \
#   STOCKADE_SIGNING_KEY_ID=... STOCKADE_SIGNING_SECRET=... sh place_order.sh
set -eu

# Sixteen random bytes as a UUID of version 4 (RFC 9562, section 5.4).
uuid() {
    openssl rand -hex 16 | sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\)$/\1-\2-4\3-8\4-\5/'
}

path=/api/v1/orders
body='{"symbol":"KO","side":"buy","qty":"1","type":"market","time_in_force":"day"}'
timestamp=$(date +%s)
nonce=$(uuid)

# Five lines; none of them ends the text.
hash=$(printf '%s' "$body" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
text=$(printf 'POST\n%s\n%s\n%s\n%s' "$path" "$timestamp" "$nonce" "$hash")

# The secret's characters are the key as they stand. As hex, and from a file descriptor's text rather than a visible
# argument where other people share the machine; here it is short and plain.
key=$(printf '%s' "$STOCKADE_SIGNING_SECRET" | od -An -tx1 | tr -d ' \n')
signature=$(printf '%s' "$text" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r | cut -d ' ' -f 1)

curl --silent --show-error --fail-with-body --max-time 30 "$STOCKADE_URL$path" \
    --header 'Content-Type: application/json' \
    --header "X-Api-Key: $STOCKADE_API_KEY" \
    --header "X-Key-Id: $STOCKADE_SIGNING_KEY_ID" \
    --header 'X-Algorithm: sha256' \
    --header "X-Timestamp: $timestamp" \
    --header "X-Nonce: $nonce" \
    --header "X-Signature: $signature" \
    --header "Idempotency-Key: $(uuid)" \
    --data-binary "$body"
echo
