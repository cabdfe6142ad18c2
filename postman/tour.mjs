// A way through the API that stands on its own: sign in, trade, look, be refused, leave.

import { expect, sign, takeMailedCode } from './scripts.mjs';

const api = '{{base_url}}/api/v1';
const keep = (name, from) => `pm.environment.set('${name}', pm.response.json().${from});`;
const signedIn = `
const { access_token, refresh_token } = pm.response.json();
if (access_token) pm.environment.set('access_token', access_token);
if (refresh_token) pm.environment.set('refresh_token', refresh_token);
`;
const refused = (code) => `pm.test('${code}', () => pm.expect(pm.response.json().code).to.equal('${code}'));`;
const buy = (qty) => ({ symbol: '{{symbol}}', side: 'buy', qty, type: 'market', time_in_force: 'day' });

export const tour = [
  {
    name: 'Sign in',
    method: 'POST',
    url: `${api}/auth/login`,
    open: true,
    body: { email: '{{email}}', password: '{{password}}' },
    after: expect(
      200,
      `${signedIn}pm.environment.set('challenge', pm.response.json().challenge ?? '');pm.variables.set('challenged_at', Date.now());`,
    ),
  },
  {
    name: 'On a device that is new: the code that came by mail',
    method: 'POST',
    url: `${api}/auth/login/2fa`,
    open: true,
    before: takeMailedCode,
    body: { challenge: '{{challenge}}', code: '{{code}}' },
    after: expect(200, `${signedIn}pm.environment.unset('code');`),
  },
  { name: 'Who am I', url: `${api}/auth/me`, after: expect(200) },
  {
    name: 'A key that signs for this session',
    method: 'POST',
    url: `${api}/auth/session-key`,
    after: expect(201, keep('key_id', 'id') + keep('key_secret', 'secret')),
  },
  {
    name: 'Deposit from the simulated bank',
    method: 'POST',
    url: `${api}/cash/deposits`,
    before: sign,
    body: { amount: '1000.00', currency: 'USD' },
    after: expect(201),
  },
  { name: 'A moving price', url: `${api}/assets/{{symbol}}/quote`, after: expect(200) },
  {
    name: 'Buy',
    method: 'POST',
    url: `${api}/orders`,
    before: `pm.environment.set('once', pm.variables.replaceIn('{{$guid}}'));\n${sign}`,
    headers: { 'Idempotency-Key': '{{once}}' },
    body: buy('1'),
    after: expect(201, keep('order_id', 'id')),
  },
  {
    name: 'The same again, under the same key',
    method: 'POST',
    url: `${api}/orders`,
    before: sign,
    headers: { 'Idempotency-Key': '{{once}}' },
    body: buy('1'),
    after: expect(
      201,
      "pm.test('the same order', () => pm.expect(pm.response.json().id).to.equal(pm.environment.get('order_id')));",
    ),
  },
  { name: 'The order', url: `${api}/orders/{{order_id}}`, after: expect(200) },
  { name: 'The portfolio', url: `${api}/portfolio`, after: expect(200) },
  {
    name: 'Too much is refused',
    method: 'POST',
    url: `${api}/orders`,
    before: sign,
    body: buy('100000'),
    after: expect(409, refused('order.not_enough_cash')),
  },
  {
    name: 'Without a signature nothing moves',
    method: 'POST',
    url: `${api}/orders`,
    body: buy('1'),
    after: expect(401),
  },
  {
    name: 'With a changed body nothing moves',
    method: 'POST',
    url: `${api}/orders`,
    before: `${sign}\npm.request.body.update(body.replace('"1"', '"2"'));`,
    body: buy('1'),
    after: expect(401, refused('signature.invalid')),
  },
  {
    name: 'It is all on record',
    url: `${api}/audit/mine`,
    after: expect(
      200,
      "pm.test('the order is', () => pm.expect(pm.response.json().items.map((entry) => entry.kind)).to.include('order.filled'));",
    ),
  },
];

export const leave = [
  { name: 'Sign out', method: 'POST', url: `${api}/auth/logout`, body: {}, after: expect(204) },
  { name: 'The token is worth nothing any more', url: `${api}/auth/me`, after: expect(401, refused('token.revoked')) },
];
