import fc from 'fast-check';

/** Text of JSON, so that what JSON.stringify cannot write may stand in it: a key twice, integers past 2^53, escapes of every kind. */
export type JsonText = string;

const STRINGS: readonly JsonText[] = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"a\\udc00b"',
  '"\\ud83d\\ude00"',
  '"🦊"',
  '"\\/\\"\\\\\\b\\f\\n\\r\\t"',
  '"\\u001b[31mred"',
  '"\ufeff"',
  '"\u2028"',
  '"\u202e"',
  '"é\\u0301"',
  '"0"',
  '"-0"',
  '"1e999"',
  '"NaN"',
  '"Infinity"',
  '"9223372036854775808"',
  '"true"',
  '"null"',
  '" "',
  '"0af7651916cd43dd8448eb211c80319c"',
  '"b7ad6b7169203331"',
  '"AAAAAAAAAAE="',
  '"!!!"',
  '"=1+1"',
];

const NUMBERS: readonly JsonText[] = [
  '0',
  '-0',
  '-0.0',
  '1',
  '-1',
  '1.5',
  '1E3',
  '0.1e-7',
  '1e21',
  '1e999',
  '-1e999',
  '5e-324',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551615',
  '18446744073709551616',
  '123456789012345678901234567890',
  '1755600000123457790',
  '4294967296',
  '0.30000000000000004',
  '1234567890.123456789',
];

const anyString: fc.Arbitrary<JsonText> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((s) => JSON.stringify(s)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 300 }).map((n) => `"${'xé'.repeat(n)}"`) },
);

const anyScalar = fc.oneof(
  anyString,
  fc.constantFrom(...NUMBERS),
  fc.constantFrom('true', 'false', 'null', '{}', '[]'),
);

/** A key of an object: any string, often one that an object has already. */
const anyKey = fc.oneof(anyString, fc.constantFrom('"a"', '"key"', '"value"', '"stringValue"'));

/** Any value, nested up to four levels. */
const { value } = fc.letrec<{ value: JsonText }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 30, arbitrary: anyScalar },
    { weight: 4, arbitrary: anyList(tie('value'), 3) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(anyKey, tie('value')), { maxLength: 3 })
        .map((members) => `{${members.map(([key, inner]) => `${key}:${inner}`).join(',')}}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 5, max: 700 })
        .map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    },
  ),
}));

export const hostileValue: fc.Arbitrary<JsonText> = value;

/** A string, mostly a plain one. */
export function textOr(...plain: readonly string[]): fc.Arbitrary<JsonText> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...plain).map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: anyString },
  );
}

/** What becomes of a field: its value as it should be, more often than not. */
const anyFate = fc.oneof(
  { weight: 20, arbitrary: fc.constant('plain' as const) },
  { weight: 1, arbitrary: fc.constant('hostile' as const) },
  { weight: 1, arbitrary: fc.constant('absent' as const) },
  { weight: 1, arbitrary: fc.constant('twice' as const) },
);

type Members = readonly JsonText[];

function membersOf(name: string, plain: fc.Arbitrary<JsonText>): fc.Arbitrary<Members> {
  return fc.record({ fate: anyFate, plain, hostile: hostileValue }).map((field) => {
    const values = {
      plain: [field.plain],
      hostile: [field.hostile],
      absent: [],
      twice: [field.hostile, field.plain],
    };
    return values[field.fate].map((text) => `${JSON.stringify(name)}:${text}`);
  });
}

/** An object with these fields, some of them wrong, missing or twice, in any order, maybe with one that nobody knows. */
export function anyObject(
  fields: Readonly<Record<string, fc.Arbitrary<JsonText>>>,
): fc.Arbitrary<JsonText> {
  const members = fc.tuple(
    ...Object.entries(fields).map(([name, plain]) => membersOf(name, plain)),
  );
  const more = fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.tuple(anyKey, hostileValue).map(([key, text]) => [`${key}:${text}`]),
    },
  );
  return fc
    .record({ members, more, order: fc.constantFrom('given', 'given', 'reversed') })
    .map(({ members, more, order }) => {
      const all = [...members.flat(), ...more];
      return `{${(order === 'given' ? all : all.reverse()).join(',')}}`;
    });
}

/** A list of up to `maxLength` elements. */
export function anyList(element: fc.Arbitrary<JsonText>, maxLength = 4): fc.Arbitrary<JsonText> {
  return fc.array(element, { maxLength }).map((items) => `[${items.join(',')}]`);
}
