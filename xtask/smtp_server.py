"""A mail server for tests: aiosmtpd on free ports of 127.0.0.1, in all three ways a client may have to speak to it.

Argument: a folder, where ca.pem and key.pem lie. Written there: `starttls`, `tls` and `plain`, the ports; `mails`, a
file for each mail taken, with what the server knows of its sender in X-Test headers on top.
STARTTLS and TLS ask for the user `stockade` with the password `a password for tests`. Recipients at refused.example do
not exist; those at later.example are put off once each.
"""

import asyncio
import pathlib
import ssl
import sys
import uuid

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = b"stockade", b"a password for tests"


class Post:
    def __init__(self, folder):
        self.folder = folder
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@refused.example"):
            return f"550 5.1.1 <{address}> no such mailbox"
        if address.endswith("@later.example") and address not in self.put_off:
            self.put_off.add(address)
            return f"451 4.7.1 <{address}> come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        tls = server.transport.get_extra_info("ssl_object") is not None
        known = f"X-Test-From: {envelope.mail_from}\r\nX-Test-To: {','.join(envelope.rcpt_tos)}\r\n"
        known += f"X-Test-Tls: {tls}\r\nX-Test-Authenticated: {session.authenticated}\r\n"
        unfinished = self.folder / f"{uuid.uuid4()}.part"
        unfinished.write_bytes(known.encode() + envelope.original_content)
        unfinished.rename(unfinished.with_suffix(".eml"))
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER, PASSWORD), handled=False)


async def main(folder):
    mails = folder / "mails"
    mails.mkdir()
    post = Post(mails)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    login = {"authenticator": authenticate, "auth_required": True, "hostname": "localhost"}
    ways = {
        "starttls": (lambda: SMTP(post, tls_context=context, require_starttls=True, **login), None),
        # aiosmtpd counts only STARTTLS as TLS, so this way it must not ask for it before sign-in.
        "tls": (lambda: SMTP(post, auth_require_tls=False, **login), context),
        "plain": (lambda: SMTP(post, hostname="localhost"), None),
    }
    loop = asyncio.get_running_loop()
    for name, (make, over) in ways.items():
        listening = await loop.create_server(make, "127.0.0.1", 0, ssl=over)
        (folder / name).write_text(str(listening.sockets[0].getsockname()[1]))
    print("ready to accept connections", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(pathlib.Path(sys.argv[1])))
