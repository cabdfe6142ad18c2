"""Buys one share with a signed request. Python's standard library is enough.

    STOCKADE_URL=http://localhost:8000 STOCKADE_API_KEY=stk_... \
    STOCKADE_SIGNING_KEY_ID=... STOCKADE_SIGNING_SECRET=... python3 place_order.py
"""

import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request
import uuid


def sign(secret, method, path, timestamp, nonce, body):
    """The hex of X-Signature: HMAC-SHA256 over five lines, under the secret's characters as they stand."""
    text = "\n".join([method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed_post(path, ask, idempotency_key):
    # The very bytes that are signed are sent: JSON rendered twice may differ.
    body = json.dumps(ask).encode()
    timestamp, nonce = str(int(time.time())), str(uuid.uuid4())
    request = urllib.request.Request(os.environ["STOCKADE_URL"] + path, data=body, method="POST")
    for name, value in {
        "Content-Type": "application/json",
        "X-Api-Key": os.environ["STOCKADE_API_KEY"],
        "X-Key-Id": os.environ["STOCKADE_SIGNING_KEY_ID"],
        "X-Algorithm": "sha256",
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": sign(os.environ["STOCKADE_SIGNING_SECRET"], "POST", path, timestamp, nonce, body),
        "Idempotency-Key": idempotency_key,
    }.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise SystemExit(refused.read().decode()) from None


if __name__ == "__main__":
    order = {"symbol": "KO", "side": "buy", "qty": "1", "type": "market", "time_in_force": "day"}
    # Kept until the answer is there: sent again with the same key, after a broken connection, it is still one order.
    placed = signed_post("/api/v1/orders", order, idempotency_key=str(uuid.uuid4()))
    print(placed["id"], placed["status"])
