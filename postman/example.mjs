// An example of what a schema of the description asks for.

const TEXTS = {
  uuid: '{{$guid}}',
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  email: 'ana@example.com',
  password: '{{password}}',
};

/** A value that fits the schema; optional members that may be null are left out. */
export function example(schema, document, depth = 0) {
  if (!schema || depth > 6) return {};
  if (schema.$ref) return example(document.components.schemas[schema.$ref.split('/').pop()], document, depth + 1);
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const either = (schema.oneOf ?? schema.anyOf)?.find((one) => one.type !== 'null');
  if (either) return example(either, document, depth + 1);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => example(part, document, depth + 1)));
  switch ([schema.type].flat().find((type) => type !== 'null')) {
    case 'object':
      return members(schema, document, depth);
    case 'array':
      return [example(schema.items, document, depth + 1)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return TEXTS[schema.format] ?? 'text';
  }
}

function members(schema, document, depth) {
  const required = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
  return Object.fromEntries(required.map(([name, member]) => [name, example(member, document, depth + 1)]));
}
