import { type Attributes, type AttributeValue, isAttributeMap } from '../../model/attributes.ts';
import { type AttributeShape, shapedAttributes } from '../../model/shaped-attributes.ts';
import type { Resource, Scope, Span } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { Trace } from '../../model/trace.ts';
import { rememberTexts } from '../remember-texts.ts';
import { sha256 } from '../sha256.ts';
import { groupId } from '../span-grouping.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { DataFinding, Severity } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { mayHoldSecret } from './secret-hint.ts';
import {
  findSecrets,
  isMasked,
  type SecretKind,
  secretKey,
  withoutSecrets,
} from './secret-patterns.ts';
import type { TraceContext } from './trace-context.ts';

/** Places (kind, key, service) that are kept, at most. With `MAX_VALUES` values of 100 bytes each: 20 MB together. */
const MAX_PLACES = 2_000;
/** Different values that are told apart in one place. */
const MAX_VALUES = 100;
/** Keys whose class is remembered. */
const MAX_KEYS = 10_000;
/** Values without secrets that are remembered of one key, and of all: 5 MB together. */
const MAX_CLEAN = 200;
const MAX_ALL_CLEAN = 20_000;
/** Values that are shown of a place. */
const SHOWN_VALUES = 3;

/** What a span calls confidential text of its own that is not in an attribute. */
const SPAN_NAME = '(span name)';
const STATUS_MESSAGE = '(status message)';
const EVENT_NAME = '(event name)';

const SEVERITY: Readonly<Record<SecretKind, Severity>> = {
  'aws-key': 'high',
  'github-token': 'high',
  'slack-token': 'high',
  'stripe-key': 'high',
  'google-key': 'high',
  'npm-token': 'high',
  'pypi-token': 'high',
  'private-key': 'high',
  jwt: 'high',
  'auth-header': 'high',
  'url-userinfo': 'high',
  'query-token': 'medium',
  'sensitive-key': 'medium',
  card: 'high',
  email: 'low',
  'sql-literals': 'info',
};

/** Which finding a kind belongs to; `secret` for all others. */
const RULES: Partial<Record<SecretKind, string>> = {
  card: 'pii',
  email: 'pii',
  'sql-literals': 'sql-literals',
};

interface KeyFacts {
  /** It makes confidential what texts alone would not. */
  readonly isTelling: boolean;
  /** Values that hold no secret; null when there are too many of them. */
  clean: Set<string> | null;
}

/** Secrets of one kind under one key of one service. The values stay in memory and never leave it. */
interface Place {
  readonly kind: SecretKind;
  readonly key: string;
  readonly service: string;
  count: number;
  traces: number;
  lastTrace: number;
  /** By value: how often. */
  readonly values: Map<string, number>;
  readonly exemplars: BestExemplars;
}

/**
 * Credentials and personal data in the texts of traces: attributes of spans, events, links, resources and scopes, names and
 * messages. What is shown of a value is the beginning of its SHA-256, which tells equal ones apart from others, and at most its
 * first four characters and a quarter of its length.
 */
export const secretRule = dataRule({
  name: 'secret',
  advice: {
    secret:
      'Revoke it, for it has left its system; then drop or mask the attribute in the instrumentation or the collector.',
    pii: 'Drop, hash or mask the attribute in the instrumentation or the collector, and delete what is stored.',
    'sql-literals':
      'Record statements with placeholders: values in statements are data of users, and every value makes another statement.',
  },
  params: { minCount: 1 },
  accumulate: ({ minCount }) => new Secrets(minCount),
});

/** Most spans have one of a few names. */
const nameMayHoldSecret = rememberTexts(mayHoldSecret);

class Secrets implements DataRuleAccumulator {
  readonly #minCount: number;
  readonly #places = new Map<string, Place>();
  readonly #keys = new Map<string, ReturnType<typeof secretKey>>();
  readonly #facts = new Map<string, KeyFacts>();
  /** By the number of a shape: the facts of its keys. */
  readonly #shapes: (readonly KeyFacts[])[] = [];
  /** Clean values that are remembered. */
  #clean = 0;
  readonly #seen = new WeakSet<Resource | Scope>();
  #traces = 0;
  #trace: Trace | null = null;

  constructor(minCount: number) {
    this.#minCount = minCount;
  }

  add({ trace }: TraceContext): void {
    this.#traces += 1;
    this.#trace = trace;
    for (const { span, service } of trace.nodes) this.#scanSpan({ span, service });
    this.#trace = null;
  }

  #scanSpan(at: SpanPlace): void {
    const { attributes, events, links, name, resource, scope, statusMessage } = at.span;
    if (nameMayHoldSecret(name)) this.#scanText(SPAN_NAME, name, at);
    if (statusMessage !== '') this.#scanText(STATUS_MESSAGE, statusMessage, at);
    this.#scanAttributes(attributes, at);
    for (const event of events) {
      this.#scanText(EVENT_NAME, event.name, at);
      this.#scanAttributes(event.attributes, at);
    }
    for (const link of links) this.#scanAttributes(link.attributes, at);
    // Many spans share one: once is enough.
    for (const shared of [resource, scope]) {
      if (this.#seen.has(shared)) continue;
      this.#seen.add(shared);
      this.#scanAttributes(shared.attributes, at);
    }
  }

  #scanAttributes(attributes: Attributes, at: SpanPlace): void {
    const { shape, list } = shapedAttributes(attributes);
    const { keys } = shape;
    const facts = this.#keysOf(shape);
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      const key = facts[i];
      if (typeof value === 'string') {
        if (key !== undefined && !key.isTelling && this.#isClean(key, value)) continue;
        this.#scanValue(keys[i] ?? '', value, at);
      } else if (typeof value === 'object' && value !== null) {
        this.#scanNested(keys[i] ?? '', value, at);
      }
    }
  }

  #keysOf(shape: AttributeShape): readonly KeyFacts[] {
    const known = this.#shapes[shape.number];
    if (known !== undefined) return known;
    const facts = shape.keys.map((key) => this.#factsOf(key));
    if (shape.number !== -1) this.#shapes[shape.number] = facts;
    return facts;
  }

  #factsOf(key: string): KeyFacts {
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      const isTelling = secretKey(key) !== null || isStatement(key);
      facts = { isTelling, clean: isTelling ? null : new Set() };
      if (this.#facts.size < MAX_KEYS) this.#facts.set(key, facts);
    }
    return facts;
  }

  /** Whether no pattern matches a value of a key that tells nothing. Values that come again are remembered, of keys that have few. */
  #isClean(key: KeyFacts, value: string): boolean {
    if (key.clean?.has(value) === true) return true;
    if (mayHoldSecret(value)) return false;
    if (key.clean === null) return true;
    if (key.clean.size === MAX_CLEAN || this.#clean === MAX_ALL_CLEAN) key.clean = null;
    else {
      key.clean.add(value);
      this.#clean += 1;
    }
    return true;
  }

  /** The texts in lists and maps, each under its own key. */
  #scanNested(key: string, value: AttributeValue, at: SpanPlace): void {
    const waiting: [string, AttributeValue][] = [[key, value]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [path, part] = next;
      if (typeof part === 'string') this.#scanValue(path, part, at);
      else if (part === null || typeof part !== 'object' || part instanceof Uint8Array) continue;
      else if (isAttributeMap(part)) for (const [k, v] of part) waiting.push([`${path}.${k}`, v]);
      else for (const item of part) waiting.push([path, item]);
    }
  }

  #scanValue(key: string, value: string, at: SpanPlace): void {
    const kind = this.#keyClass(key);
    if (kind !== null && isConfidential(value)) {
      this.#found(kind, key, value, at);
      return;
    }
    if (isStatement(key) && hasLiteral(value)) this.#found('sql-literals', key, '', at);
    this.#scanText(key, value, at);
  }

  #scanText(key: string, text: string, at: SpanPlace): void {
    if (!mayHoldSecret(text)) return;
    for (const { kind, start, end } of findSecrets(text)) {
      this.#found(kind, key, text.slice(start, end), at);
    }
  }

  #keyClass(key: string): ReturnType<typeof secretKey> {
    let kind = this.#keys.get(key);
    if (kind === undefined) {
      kind = secretKey(key);
      if (this.#keys.size < MAX_KEYS) this.#keys.set(key, kind);
    }
    return kind;
  }

  #found(kind: SecretKind, key: string, value: string, { span, service }: SpanPlace): void {
    const id = groupId({ kind, key, service });
    let place = this.#places.get(id);
    if (place === undefined) {
      if (this.#places.size === MAX_PLACES) return;
      place = newPlace(kind, key, service);
      this.#places.set(id, place);
    }
    place.count += 1;
    const known = place.values.get(value);
    if (known !== undefined || place.values.size < MAX_VALUES) {
      place.values.set(value, (known ?? 0) + 1);
    }
    if (place.lastTrace === this.#traces || this.#trace === null) return;
    place.lastTrace = this.#traces;
    place.traces += 1;
    place.exemplars.add(0, this.#trace.traceId, [span]);
  }

  result(): DataFinding[] {
    return Array.from(this.#places.values())
      .filter(({ count }) => count >= this.#minCount)
      .map(secretFinding);
  }
}

interface SpanPlace {
  readonly span: Span;
  readonly service: string;
}

function newPlace(kind: SecretKind, key: string, service: string): Place {
  return {
    kind,
    key,
    service,
    count: 0,
    traces: 0,
    lastTrace: 0,
    values: new Map(),
    exemplars: new BestExemplars(),
  };
}

/** A word that answers a question (`user.password_set`) is no password. */
const NO_VALUE = /^(?:true|false|yes|no|none|null|undefined|\d)$/i;

function isConfidential(value: string): boolean {
  return !isMasked(value) && !NO_VALUE.test(value.trim());
}

function isStatement(key: string): boolean {
  return key === 'db.query.text' || key === 'db.statement' || key === 'sql.query';
}

function hasLiteral(statement: string): boolean {
  const start = statement.indexOf("'");
  return start !== -1 && statement.indexOf("'", start + 1) > start + 1;
}

function secretFinding(place: Place): DataFinding {
  const { kind, count, values } = place;
  // A key may hold a secret itself, where a program makes keys of values.
  const key = withoutSecrets(place.key);
  const severity = kind === 'email' && place.key === SPAN_NAME ? 'medium' : SEVERITY[kind];
  const shown = [...values]
    .filter(([value]) => value !== '')
    .map(([value, times]) => ({ sha256: sha256(value).slice(0, 8), begins: preview(value), times }))
    .sort((a, b) => b.times - a.times || (a.sha256 < b.sha256 ? -1 : 1));
  return {
    rule: RULES[kind] ?? 'secret',
    severity,
    confidence: kind === 'sensitive-key' || kind === 'card' ? 0.7 : 0.9,
    title: `${kind} in ${key}`,
    service: place.service,
    operation: '',
    count,
    evidence: {
      kind,
      key,
      count,
      differentValues: shown.length,
      moreValues: values.size === MAX_VALUES,
      values: shown.slice(0, SHOWN_VALUES),
    },
    traces: place.traces,
    exemplars: place.exemplars.list(),
    impactNs: nanos(0),
    signatures: [kind, key],
  };
}

const AUTH_SCHEME = /^(?:bearer|basic|digest|token) +/i;

/** The first characters of a value: four, and no more than a quarter of it. */
function preview(value: string): string {
  const characters = Array.from(value.replace(AUTH_SCHEME, '').trim());
  return `${characters.slice(0, Math.min(4, Math.floor(characters.length / 4))).join('')}…`;
}
