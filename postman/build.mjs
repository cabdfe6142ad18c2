// Makes the collection from web/openapi.json: a tour that runs by itself, then every operation, a folder a tag. With --check
// it says whether the collection is what it would make.

import { readFileSync, writeFileSync } from 'node:fs';
import { example } from './example.mjs';
import { isDescribed, leaveOut, sign } from './scripts.mjs';
import { leave, tour } from './tour.mjs';

const here = (path) => new URL(path, import.meta.url);
const COLLECTION = here('stockade.postman_collection.json');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const document = JSON.parse(readFileSync(here('../web/openapi.json'), 'utf8'));
const text = `${JSON.stringify(collection(), null, 1)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(COLLECTION, 'utf8') !== text) {
    console.error('the Postman collection is not what web/openapi.json says; run `cargo xtask types`');
    process.exit(1);
  }
} else {
  writeFileSync(COLLECTION, text);
}

function collection() {
  return {
    info: {
      name: 'Stockade',
      description: 'Fill in the environment, run "A tour", then try anything. See docs/API_GUIDE.md.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{access_token}}', type: 'string' }] },
    item: [
      { name: 'A tour', item: tour.map(step) },
      ...tags().map((tag) => ({ name: tag, item: operations(tag).map(operation) })),
      { name: 'Leave', item: leave.map(step) },
    ],
  };
}

function step({ name, method = 'GET', url, headers = {}, body, before, after, open }) {
  return item(name, { method, url, headers, body, open }, before, after);
}

function tags() {
  return [...new Set(all().map(({ operation }) => operation.tags?.[0] ?? 'other'))].sort();
}

function operations(tag) {
  return all().filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
}

function all() {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );
}

function operation({ path, method, operation }) {
  const parameters = operation.parameters ?? [];
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema, description }) => ({
      key: name,
      value: required ? String(example(schema, document)) : '',
      description,
      disabled: !required,
    }));
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const reads = method === 'get' && !endless(operation);
  const signed = method !== 'get' && ['trade', 'cash'].includes(operation['x-rate-limit']);
  const before = (reads ? '' : leaveOut) + (signed ? sign : '');
  const request = {
    method: method.toUpperCase(),
    url: `{{base_url}}${path.replaceAll(/\{\*?(\w+)\}/g, (_, name) => variable(path, name))}`,
    query,
    body: schema && example(schema, document),
    description: [operation.summary, operation.description].filter(Boolean).join('\n\n'),
    open: operation['x-stockade-access'] === 'public',
  };
  return item(`${request.method} ${path}`, request, before, isDescribed);
}

/** What a parameter of a path is called in the environment: an order's id is not a device's. */
function variable(path, name) {
  if (name !== 'id') return `{{${name}}}`;
  const owner = path.split('/{id}')[0].split('/').pop();
  return `{{${owner.replaceAll('-', '_').replace(/s$/, '')}_id}}`;
}

function endless(operation) {
  return Object.entries(operation.responses).some(
    ([status, response]) => status === '101' || response.content?.['text/event-stream'],
  );
}

function item(name, { method, url, query = [], headers = {}, body, description, open }, before, after) {
  const [host, ...path] = url.split('/');
  const asked = query.filter((one) => !one.disabled).map((one) => `${one.key}=${one.value}`);
  const request = {
    method,
    url: { raw: url + (asked.length ? `?${asked.join('&')}` : ''), host: [host], path, query },
    header: Object.entries(headers).map(([key, value]) => ({ key, value })),
  };
  if (description) request.description = description;
  if (open) request.auth = { type: 'noauth' };
  if (body !== undefined) {
    request.header.push({ key: 'Content-Type', value: 'application/json' });
    request.body = { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } };
  }
  return { name, request, event: [script('prerequest', before), script('test', after)].filter(Boolean) };
}

function script(listen, text) {
  if (!text) return undefined;
  return { listen, script: { type: 'text/javascript', exec: text.trim().split('\n') } };
}
