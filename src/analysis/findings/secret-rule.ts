import { type Attributes, type AttributeValue, isAttributeMap } from '../../model/attributes.ts';
import {
  type AttributeShape,
  haveShape,
  type ShapedAttributes,
} from '../../model/shaped-attributes.ts';
import type { Resource, Scope } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import { rememberTexts } from '../remember-texts.ts';
import { sha256 } from '../sha256.ts';
import type { DataFinding, Severity } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { mayHoldSecret, mayHoldSecrets } from './secret-hint.ts';
import { type SecretKind, withoutSecrets } from './secret-patterns.ts';
import { type SecretOwner, type SecretPlace, SecretPlaces } from './secret-places.ts';
import { type SecretKey, SecretValues, secretsInText } from './secret-values.ts';
import type { TraceContext } from './trace-context.ts';

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
  readonly #places = new SecretPlaces();
  readonly #values = new SecretValues();
  /** By the number of a shape. */
  readonly #shapes: ShapeKeys[] = [];
  readonly #seen = new WeakSet<Resource | Scope>();

  constructor(minCount: number) {
    this.#minCount = minCount;
  }

  add({ trace }: TraceContext): void {
    this.#places.startTrace(trace);
    for (const node of trace.nodes) this.#scanSpan(node);
  }

  #scanSpan(at: SecretOwner): void {
    const { attributes, events, links, name, resource, scope, statusMessage } = at.span;
    if (nameMayHoldSecret(name)) this.#scanText(SPAN_NAME, name, at);
    if (statusMessage !== '') this.#scanText(STATUS_MESSAGE, statusMessage, at);
    this.#scanAttributes(attributes, at);
    for (const event of events) {
      this.#scanText(EVENT_NAME, event.name, at);
      this.#scanAttributes(event.attributes, at);
    }
    for (const link of links) this.#scanAttributes(link.attributes, at);
    this.#scanShared(resource, at);
    this.#scanShared(scope, at);
  }

  /** Many spans share one: once is enough. */
  #scanShared(shared: Resource | Scope, at: SecretOwner): void {
    if (this.#seen.has(shared)) return;
    this.#seen.add(shared);
    this.#scanAttributes(shared.attributes, at);
  }

  #scanText(key: string, text: string, at: SecretOwner): void {
    for (const found of secretsInText(text)) this.#places.add(found.kind, key, found.text, at);
  }

  #scanAttributes(attributes: Attributes, at: SecretOwner): void {
    if (haveShape(attributes)) this.#scanShaped(attributes, at);
    else for (const [key, value] of attributes) this.#scan(this.#values.keyOf(key), value, at);
  }

  /** Where no text may hold a secret, the values of telling keys alone are decoded. */
  #scanShaped(attributes: ShapedAttributes, at: SecretOwner): void {
    const { json } = attributes;
    const { keys, telling } = this.#keysOf(attributes.shape);
    if (json === null || mayHoldSecrets(json)) {
      for (const [i, key] of keys.entries()) this.#scan(key, attributes.valueAt(i), at);
    } else {
      for (const i of telling) {
        const key = keys[i];
        if (key !== undefined) this.#scan(key, attributes.valueAt(i), at);
      }
    }
  }

  #keysOf(shape: AttributeShape): ShapeKeys {
    let facts = this.#shapes[shape.number];
    if (facts === undefined) {
      const keys = shape.keys.map((key) => this.#values.keyOf(key));
      facts = { keys, telling: [...keys.keys()].filter((i) => keys[i]?.isTelling) };
      if (shape.number !== -1) this.#shapes[shape.number] = facts;
    }
    return facts;
  }

  #scan(key: SecretKey, value: AttributeValue, at: SecretOwner): void {
    if (typeof value === 'string') {
      for (const { kind, text } of this.#values.secretsIn(key, value)) {
        this.#places.add(kind, key.key, text, at);
      }
    } else if (typeof value === 'object' && value !== null) {
      this.#scanNested(key.key, value, at);
    }
  }

  /** The texts in lists and maps, each under its own key. */
  #scanNested(key: string, value: AttributeValue, at: SecretOwner): void {
    const waiting: [string, AttributeValue][] = [[key, value]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [path, part] = next;
      if (typeof part === 'string') this.#scan(this.#values.keyOf(path), part, at);
      else if (part === null || typeof part !== 'object' || part instanceof Uint8Array) continue;
      else if (isAttributeMap(part)) for (const [k, v] of part) waiting.push([`${path}.${k}`, v]);
      else for (const item of part) waiting.push([path, item]);
    }
  }

  result(): DataFinding[] {
    return this.#places
      .list()
      .filter(({ count }) => count >= this.#minCount)
      .map(secretFinding);
  }
}

interface ShapeKeys {
  readonly keys: readonly SecretKey[];
  /** Positions of those whose values have to be read in any case. */
  readonly telling: readonly number[];
}

function secretFinding(place: SecretPlace): DataFinding {
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
      moreValues: place.isFull,
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
