// What runs before and after the requests of the collection, inside Postman.

/** Signs what moves money, as docs/API_GUIDE.md has it: HMAC-SHA256 over method, path, time, nonce and the body's hash. */
export const sign = `
const crypto = require('crypto-js');
const url = pm.variables.replaceIn(pm.request.url.toString());
const path = url.replace(/^[a-z]+:\\/\\/[^/]+/, '');
const body = pm.variables.replaceIn(pm.request.body?.raw ?? '');
if (body) pm.request.body.update(body);
const time = String(Math.floor(Date.now() / 1000));
const nonce = pm.variables.replaceIn('{{$guid}}');
const text = [pm.request.method, path, time, nonce, crypto.SHA256(body).toString()].join('\\n');
const header = (key, value) => pm.request.headers.upsert({ key, value });
header('X-Key-Id', pm.environment.get('key_id'));
header('X-Timestamp', time);
header('X-Nonce', nonce);
header('X-Algorithm', 'sha256');
header('X-Signature', crypto.HmacSHA256(text, pm.environment.get('key_secret')).toString());
if (!pm.request.headers.has('Idempotency-Key')) header('Idempotency-Key', nonce);
`;

/** Where a sign-in asks for a mailed code: the one in the environment's code, or else, in development, the newest in the mailbox. */
export const takeMailedCode = `
if (!pm.environment.get('challenge')) pm.execution.skipRequest();
if (!pm.environment.get('code')) {
  const mailbox = { url: pm.variables.replaceIn('{{base_url}}/dev/mailbox'), header: { Accept: 'application/json' } };
  const since = Number(pm.variables.get('challenged_at') ?? 0) - 3000;
  const mine = ({ to, at }) => to === pm.environment.get('email') && Date.parse(at) >= since;
  const ask = (left) => pm.sendRequest(mailbox, (error, answer) => {
    if (error || answer.code !== 200) throw new Error('put the mailed code into the variable code and run this again');
    const codes = answer.json().items.filter(mine).map(({ text }) => text.match(/\\b[0-9]{8}\\b/)?.[0]).filter(Boolean);
    if (codes.length) pm.environment.set('code', codes[0]);
    else if (left) setTimeout(() => ask(left - 1), 500);
  });
  ask(10);
}
`;

/** For requests that change something or never end: left out where the collection only looks. */
export const leaveOut = `
if (pm.environment.get('reads_only')) pm.execution.skipRequest();
`;

/** After every request of the generated part: an answer is what was asked for, or a refusal that says why. */
export const isDescribed = `
pm.test('answers as described', () => {
  pm.expect(pm.response.code).to.be.below(500);
  if (pm.response.code < 400) return;
  pm.expect(pm.response.headers.get('content-type')).to.include('application/problem+json');
  pm.expect(pm.response.json()).to.include.keys('code', 'request_id', 'status');
});
`;

/** Expects a status, then runs more. */
export const expect = (status, more = '') => `
pm.test('status ${status}', () => pm.response.to.have.status(${status}));
${more}
`;
