"""The whole life of an account over HTTP, with tools that share no line with the server: pyotp for codes, soft-webauthn
for passkeys, the mail folder for mails, the program itself for unlocking.

Arguments: the server's address, its data folder, and the command line of the program (run with its environment).
"""

import base64
import email
import email.policy
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from soft_webauthn import SoftWebauthnDevice

ORIGIN, DATA, PROGRAM = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
ADDRESS = "life@example.com"
PASSWORD, NEW_PASSWORD = "a walk along the northern shore", "the kettle sings before breakfast"
USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def send(method, path, body=None, token=None, expect=200, **headers):
    """One request; the body of its answer, which must have this status."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["X-Device-Id"] = "the phone of this story"
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    request = urllib.request.Request(ORIGIN + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    assert status == expect, f"{method} {path}: {status} instead of {expect}: {text.decode()}"
    return json.loads(text) if text else None


def mailed(pattern):
    """What the newest mail that holds this says."""
    for _ in range(200):
        mails = sorted((DATA / "mail").glob("*.eml"), reverse=True)
        for path in mails:
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found = re.search(pattern, mail.get_body(("plain",)).get_content())
            if mail["To"] == ADDRESS and found:
                return found.group(1)
        time.sleep(0.1)
    raise AssertionError(f"no mail with {pattern}")


class Phone:
    """An authenticator app whose owner waits for the next code when one was used."""

    def __init__(self, secret):
        self.totp, self.last = pyotp.TOTP(secret), 0

    def code(self):
        now = int(time.time()) // 30
        step = max(self.last + 1, now - 1)
        if step > now + 1:
            time.sleep((step - 1) * 30 - time.time())
        self.last = step
        return self.totp.at(step * 30)


def encode(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Passkey(SoftWebauthnDevice):
    """The software authenticator, with a finger on its sensor: it says that it verified its user."""

    def register(self, options):
        assert {"alg": -7, "type": "public-key"} in options["pubKeyCredParams"]
        self.cred_init(options["rp"]["id"], decode(options["user"]["id"]))
        key = cbor.encode(ES256.from_cryptography_key(self.private_key.public_key()))
        described = self.aaguid + struct.pack(">H", len(self.credential_id)) + self.credential_id + key
        data = self.authenticator_data(ATTESTED) + described
        response = {
            "clientDataJSON": encode(self.client_data("webauthn.create", options)),
            "attestationObject": encode(cbor.encode({"authData": data, "fmt": "none", "attStmt": {}})),
            "transports": ["internal"],
        }
        return self.credential(response)

    def assertion(self, options):
        assert options["rpId"] == self.rp_id
        self.sign_count += 1
        client_data, data = self.client_data("webauthn.get", options), self.authenticator_data(0)
        signed = data + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": encode(self.user_handle),
        }
        return self.credential(response)

    def authenticator_data(self, flags):
        flags |= USER_PRESENT | USER_VERIFIED
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.sign_count)

    def client_data(self, kind, options):
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": ORIGIN}).encode()

    def credential(self, response):
        name = encode(self.credential_id)
        extensions = {"clientExtensionResults": {}}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, **extensions}


def challenge(password):
    asked = send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": password})
    assert asked["status"] == "second_factor_required", asked
    return asked["challenge"]


def stepped_up(method, path, body, token, proof, expect=200):
    """The request, after the proof that it asks for: a code, or a passkey's signature."""
    refused = send(method, path, body, token, 403)
    assert refused["code"] == "step_up.required", refused
    begun = send("POST", "/api/v1/auth/step-up", {"operation": refused["operation"]}, token, 201)
    shown = {"assertion": proof.assertion(begun["passkey"])} if isinstance(proof, Passkey) else {"code": proof}
    ask = {"challenge": begun["challenge"], **shown}
    proven = send("POST", "/api/v1/auth/step-up/verify", ask, token)["proof"]
    return send(method, path, body, token, expect, X_Step_Up=proven)


def live():
    send("POST", "/api/v1/auth/register", {"email": ADDRESS, "password": PASSWORD}, expect=202)
    link = mailed(r"confirm\?token=(\S+)")
    send("POST", "/api/v1/auth/email/verify", {"token": link, "password": PASSWORD}, expect=201)
    first = send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": PASSWORD})["access_token"]

    pending = send("POST", "/api/v1/auth/2fa/enable", {"password": PASSWORD}, first)
    phone = Phone(pending["secret"])
    paper = send("POST", "/api/v1/auth/2fa/verify", {"code": phone.code()}, first)["backup_codes"]
    assert len(paper) == 10
    used = phone.totp.at(phone.last * 30)
    ask = {"challenge": challenge(PASSWORD), "code": used}
    send("POST", "/api/v1/auth/login/2fa", ask, expect=401)
    ask["code"] = phone.code()
    session = send("POST", "/api/v1/auth/login/2fa", ask)["access_token"]

    passkey = Passkey()
    start = stepped_up("POST", "/api/v1/auth/passkeys/register/start", {}, session, phone.code())
    finish = {"name": "laptop", "credential": passkey.register(start["options"])}
    send("POST", "/api/v1/auth/passkeys/register/finish", finish, session, 201)
    start = send("POST", "/api/v1/auth/passkeys/login/start", {})
    finish = {"challenge": start["challenge"], "credential": passkey.assertion(start["options"])}
    alone = send("POST", "/api/v1/auth/passkeys/login/finish", finish)["access_token"]
    send("POST", "/api/v1/auth/passkeys/login/finish", finish, expect=401)
    waiting = challenge(PASSWORD)
    start = send("POST", "/api/v1/auth/passkeys/2fa/start", {"challenge": waiting})
    finish = {"challenge": waiting, "credential": passkey.assertion(start["options"])}
    send("POST", "/api/v1/auth/passkeys/2fa/finish", finish)

    renewed = stepped_up("POST", "/api/v1/auth/2fa/backup-codes", {}, session, passkey)["backup_codes"]
    assert len(renewed) == 10 and not set(renewed) & set(paper)
    old = {"challenge": challenge(PASSWORD), "code": paper[0]}
    send("POST", "/api/v1/auth/2fa/backup-code", old, expect=401)
    paper = renewed

    lost = {"challenge": challenge(PASSWORD), "code": paper[0]}
    recovered = send("POST", "/api/v1/auth/2fa/backup-code", lost)["access_token"]
    again = {"challenge": challenge(PASSWORD), "code": paper[0]}
    send("POST", "/api/v1/auth/2fa/backup-code", again, expect=401)
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    send("POST", "/api/v1/auth/password/change", change, recovered)
    send("GET", "/api/v1/auth/me", token=alone, expect=401)
    send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": PASSWORD}, expect=401)

    for _ in range(5):
        send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": "guessed"}, expect=401)
    send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": NEW_PASSWORD}, expect=401)
    subprocess.run([*PROGRAM, "admin", "unlock", "--email", ADDRESS], check=True, stdout=subprocess.DEVNULL)
    ask = {"challenge": challenge(NEW_PASSWORD), "code": paper[1]}
    last = send("POST", "/api/v1/auth/2fa/backup-code", ask)["access_token"]

    sessions = send("GET", "/api/v1/sessions", token=last)["items"]
    assert len(sessions) == 2 and sessions[0]["current"], sessions
    send("DELETE", f"/api/v1/sessions/{sessions[1]['id']}", token=last, expect=204)
    send("GET", "/api/v1/auth/me", token=recovered, expect=401)

    stepped_up("DELETE", "/api/v1/profile", None, last, paper[2], 204)
    send("GET", "/api/v1/auth/me", token=last, expect=401)
    send("POST", "/api/v1/auth/login", {"email": ADDRESS, "password": NEW_PASSWORD}, expect=401)


live()
