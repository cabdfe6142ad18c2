// A real OpenID Connect provider for the stories: `node provider.mjs REDIRECT_URI…` listens on a free port of
// 127.0.0.1, prints its issuer as one line, and ends when its input does. Whoever signs in as NAME@HOST has that
// address; it is verified unless NAME begins with "unverified". There is no password to know.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = (id) => ({ client_id: id, client_secret: `secret of ${id}`, redirect_uris: process.argv.slice(2) });

const provider = new Provider(issuer, {
  clients: [client('stockade'), client('another')],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  // Claims that belong to a scope come from the userinfo endpoint, as the standard has it.
  conformIdTokenClaims: true,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      email: login,
      email_verified: !login.startsWith('unverified'),
      name: login.split('@')[0],
    }),
  }),
});

server.on('request', provider.callback());
console.log(issuer);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
