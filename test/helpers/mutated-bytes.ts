import fc from 'fast-check';

/** One damage to some bytes. Places are shares of their length, so that an edit fits bytes of any size. */
export type Edit =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'delete'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: Uint8Array }
  | { readonly kind: 'repeat'; readonly at: number; readonly bytes: number; readonly times: number }
  | { readonly kind: 'move'; readonly at: number; readonly bytes: number; readonly to: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | {
      readonly kind: 'splice';
      readonly at: number;
      readonly donor: number;
      readonly from: number;
      readonly bytes: number;
    };

/** What parsers stumble over. */
const HOSTILE_TEXTS: readonly string[] = [
  '"',
  '\\',
  '\0',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  '-0',
  '1e3',
  '.5',
  '+1',
  '1e999',
  '-1e999',
  '9007199254740993',
  '12345678901234567890',
  '340282366920938463463374607431768211456',
  '0x10',
  'null',
  'true',
  'NaN',
  '"NaN"',
  '""',
  '\\u0000',
  '\\ud83d',
  '\\udc00',
  '\\ud83d\\ude00',
  '\\u00e9',
  '\\/',
  '\\x',
  'é',
  '🦊',
  '\ufeff',
  '\u2028',
  '"__proto__":',
  '"constructor":{"prototype":{}},',
  '"toString":1,',
  '{"key":"__proto__","value":{"stringValue":"p"}},',
  '"spans":',
  '"spans":[],',
  '"name":"again",',
  '"traceId":null,',
  '"processes":{},',
  '"resource":7,',
  '[[[[[[[[',
  ']]]]]]]]',
  '{"a":{"a":{"a":',
  '}}}}',
  '{}',
  '[]',
  '{},',
  '[],',
  '\n{',
  '}\n',
  '\n[\n',
  '\u001b[2J',
];

const RAW_BYTES: readonly Uint8Array[] = [
  [0xff],
  [0xfe, 0xff],
  [0xff, 0xfe],
  [0xef, 0xbb, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80],
  [0x0a, 0xff, 0xff, 0xff, 0x7f],
  [0x0a, 0x00],
  [0x12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0, 0, 0, 0],
].map((bytes) => Uint8Array.from(bytes));

const PLACES = 1_000_000;
/** Not `fc.double`: half of those between 0 and 1 are next to 0. */
const anyPlace = fc.nat(PLACES).map((place) => place / PLACES);
const anyLength = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 }));

const anyInsert = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS).map((text): Uint8Array => Buffer.from(text)),
  fc.constantFrom(...RAW_BYTES),
  fc.uint8Array({ minLength: 1, maxLength: 6 }),
);

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('flip'), at: anyPlace, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('delete'), at: anyPlace, bytes: anyLength }),
  fc.record({ kind: fc.constant('insert'), at: anyPlace, text: anyInsert }),
  fc.record({
    kind: fc.constant('repeat'),
    at: anyPlace,
    bytes: anyLength,
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('move'), at: anyPlace, bytes: anyLength, to: anyPlace }),
  fc.record({ kind: fc.constant('truncate'), at: anyPlace }),
  fc.record({
    kind: fc.constant('splice'),
    at: anyPlace,
    donor: fc.nat(1000),
    from: anyPlace,
    bytes: anyLength,
  }),
);

/** A few damages. */
export const anyEdits: fc.Arbitrary<readonly Edit[]> = fc.array(anyEdit, {
  minLength: 1,
  maxLength: 5,
});

/** `bytes` after each of `edits`; pieces of the `donors`, of which there is at least one, are spliced in. */
export function mutated(
  bytes: Uint8Array,
  edits: readonly Edit[],
  donors: readonly Uint8Array[],
): Buffer {
  let result: Buffer = Buffer.from(bytes);
  for (const edit of edits) result = edited(result, edit, donors);
  return result;
}

function edited(bytes: Buffer, edit: Edit, donors: readonly Uint8Array[]): Buffer {
  const at = placeIn(bytes, edit.at);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (edit.kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << edit.bit), at);
      return flipped;
    }
    case 'delete':
      return Buffer.concat([before, after.subarray(edit.bytes)]);
    case 'insert':
      return Buffer.concat([before, edit.text, after]);
    case 'repeat': {
      const piece = after.subarray(0, edit.bytes);
      return Buffer.concat([before, ...Array<Uint8Array>(edit.times).fill(piece), after]);
    }
    case 'move': {
      const rest = Buffer.concat([before, after.subarray(edit.bytes)]);
      const to = placeIn(rest, edit.to);
      return Buffer.concat([
        rest.subarray(0, to),
        after.subarray(0, edit.bytes),
        rest.subarray(to),
      ]);
    }
    case 'truncate':
      return Buffer.from(before);
    case 'splice': {
      const donor = donors[edit.donor % donors.length] ?? bytes;
      const from = placeIn(donor, edit.from);
      return Buffer.concat([before, donor.subarray(from, from + edit.bytes), after]);
    }
  }
}

function placeIn(bytes: Uint8Array, share: number): number {
  return Math.floor(share * bytes.length);
}
