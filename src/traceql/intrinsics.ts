import type { FieldType, IntrinsicName } from './query.ts';

/** What an intrinsic gives, and how else it may be spelt. */
interface Intrinsic {
  readonly type: FieldType;
  /** All spellings, the canonical one first; those with a colon are scoped. */
  readonly spellings: readonly string[];
  /** Ids are compared in lower case and without regard to leading zeros: how many digits a whole one has. */
  readonly idDigits?: number;
}

/** Every intrinsic of TraceQL. */
export const INTRINSICS: Readonly<Record<IntrinsicName, Intrinsic>> = {
  name: { type: 'string', spellings: ['name', 'span:name'] },
  status: { type: 'status', spellings: ['status', 'span:status'] },
  statusMessage: { type: 'string', spellings: ['statusMessage', 'span:statusMessage'] },
  kind: { type: 'kind', spellings: ['kind', 'span:kind'] },
  duration: { type: 'duration', spellings: ['duration', 'span:duration'] },
  traceDuration: { type: 'duration', spellings: ['traceDuration', 'trace:duration'] },
  rootName: { type: 'string', spellings: ['rootName', 'trace:rootName'] },
  rootServiceName: { type: 'string', spellings: ['rootServiceName', 'trace:rootService'] },
  nestedSetLeft: { type: 'int', spellings: ['nestedSetLeft'] },
  nestedSetRight: { type: 'int', spellings: ['nestedSetRight'] },
  nestedSetParent: { type: 'int', spellings: ['nestedSetParent'] },
  'trace:id': { type: 'string', spellings: ['trace:id'], idDigits: 32 },
  'span:id': { type: 'string', spellings: ['span:id'], idDigits: 16 },
  'span:parentID': { type: 'string', spellings: ['span:parentID'], idDigits: 16 },
  'span:childCount': { type: 'int', spellings: ['span:childCount'] },
  'event:name': { type: 'string', spellings: ['event:name'] },
  'event:timeSinceStart': { type: 'duration', spellings: ['event:timeSinceStart'] },
  'link:traceID': { type: 'string', spellings: ['link:traceID'], idDigits: 32 },
  'link:spanID': { type: 'string', spellings: ['link:spanID'], idDigits: 16 },
  'instrumentation:name': { type: 'string', spellings: ['instrumentation:name'] },
  'instrumentation:version': { type: 'string', spellings: ['instrumentation:version'] },
};

const BY_SPELLING: ReadonlyMap<string, IntrinsicName> = new Map(
  (Object.keys(INTRINSICS) as IntrinsicName[]).flatMap((name) =>
    INTRINSICS[name].spellings.map((spelling) => [spelling, name] as const),
  ),
);

/** The intrinsic that a query spells like this, null if there is none. */
export function intrinsicOf(spelling: string): IntrinsicName | null {
  return BY_SPELLING.get(spelling) ?? null;
}

/** All spellings of all intrinsics. */
export const INTRINSIC_SPELLINGS: readonly string[] = [...BY_SPELLING.keys()];
