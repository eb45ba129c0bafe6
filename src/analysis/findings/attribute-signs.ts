import type { Attributes } from '../../model/attributes.ts';
import { haveShape } from '../../model/shaped-attributes.ts';
import { conceptKeys, STATUS_KEYS } from '../attribute-concepts.ts';
import { shapeFacts } from '../shape-facts.ts';

/** What rules look for in attributes, one bit each: without the sign there is nothing to find. */
export const SIGN = {
  database: 1,
  messaging: 2,
  http: 4,
  rpc: 8,
  /** The values of a statement's placeholders. */
  parameters: 16,
  httpStatus: 32,
  /** Other attributes by which a span without a status may have failed. */
  failure: 64,
  exceptionType: 128,
  /** Something that tells whether others can read a call on its way. */
  transport: 256,
  httpVersion: 512,
} as const;

const PARAMETER = /^db\.(?:query|operation)\.parameter\./;
const HTTP_STATUS = new Set(conceptKeys('httpStatus'));

const KEYS: readonly (readonly [sign: number, keys: readonly string[]])[] = [
  [SIGN.database, [...conceptKeys('databaseSystem'), ...conceptKeys('databaseStatement')]],
  [SIGN.messaging, conceptKeys('messagingSystem')],
  [SIGN.http, [...conceptKeys('httpMethod'), ...conceptKeys('url')]],
  [SIGN.rpc, conceptKeys('rpc')],
  [SIGN.httpStatus, conceptKeys('httpStatus')],
  [SIGN.failure, ['error', ...STATUS_KEYS.filter((key) => !HTTP_STATUS.has(key))]],
  [SIGN.exceptionType, ['exception.type']],
  [
    SIGN.transport,
    [
      ...conceptKeys('url'),
      ...conceptKeys('httpMethod'),
      'url.scheme',
      'http.scheme',
      'tls.protocol.version',
    ],
  ],
  [SIGN.httpVersion, ['network.protocol.version', 'http.flavor']],
];

const BY_KEY = new Map<string, number>();
for (const [sign, keys] of KEYS) {
  for (const key of keys) BY_KEY.set(key, (BY_KEY.get(key) ?? 0) | sign);
}

function signsOf(keys: Iterable<string>): number {
  let signs = 0;
  for (const key of keys) {
    signs |= BY_KEY.get(key) ?? 0;
    if (PARAMETER.test(key)) signs |= SIGN.parameters;
  }
  return signs;
}

const signsOfShape = shapeFacts(({ keys }) => signsOf(keys));

/** The bits of `SIGN` that the keys of attributes set, whatever their values. */
export function attributeSigns(attributes: Attributes): number {
  return haveShape(attributes) ? signsOfShape(attributes.shape) : signsOf(attributes.keys());
}
