import { SPAN_KINDS } from '../model/span.ts';
import { attributeHash } from './chunk-digest.ts';
import {
  type AttributeQuestion,
  type Bits,
  piecesOf,
  type SpanQuestion,
} from './column-question.ts';
import type { Connection } from './connection.ts';
import { SharedLookup } from './shared-lookup.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';

/** Of operations that came while the question was asked: they may have any bit. */
const UNKNOWN = -1;

/** Bits of the rows that spans refer to, each worked out once. */
export class KeyBits {
  readonly attributes: readonly { question: AttributeQuestion; hashes: readonly number[] }[];
  /** All bits that only attributes decide about. */
  readonly attributeBits: Bits;
  /** By key; as an array, because every group of every chunk is looked up. */
  readonly #operations: Bits[] = [];
  readonly #groups: (boolean | undefined)[] = [];
  /** All bits that operations and statuses decide about. */
  readonly #groupBits: Bits;
  readonly #resources = new Map<number, Bits>();
  readonly #shared: SharedLookup;
  readonly #question: SpanQuestion;

  constructor(connection: Connection, question: SpanQuestion) {
    this.#question = question;
    this.#shared = new SharedLookup(connection);
    this.attributes = question.ofAttributes.map((attribute) => ({
      question: attribute,
      hashes: piecesOf(attribute).map(attributeHash),
    }));
    this.#groupBits = question.groupBits;
    this.attributeBits = question.ofAttributes.reduce((bits, { bit }) => bits | bit, 0);
    const rows = connection.all<readonly [bigint, SqlText, SqlText, bigint]>(
      `SELECT operation_key, service, name, kind FROM operation_rows JOIN service_rows USING (service_key) ORDER BY operation_key`,
    );
    for (const [key, service, name, kind] of rows) {
      const operation = {
        service: fromSqlText(service),
        name: fromSqlText(name),
        kind: SPAN_KINDS[Number(kind)] ?? 'unspecified',
      };
      this.#operations[Number(key)] = question.ofOperation(operation);
    }
  }

  ofOperation(key: number): Bits {
    return this.#operations[key] ?? UNKNOWN;
  }

  /** Whether spans of a group (operation times four plus status) could be an answer if everything else about them fitted. */
  mayAnswer(group: number): boolean {
    let known = this.#groups[group];
    if (known === undefined) {
      const { ofStatus, parts } = this.#question;
      const decided = this.#groupBits;
      const own = this.ofOperation(group >>> 2) | (ofStatus[group & 3] ?? 0);
      known = parts(own | ~decided) !== 0;
      this.#groups[group] = known;
    }
    return known;
  }

  ofResource(key: number): Bits {
    let bits = this.#resources.get(key);
    if (bits === undefined) {
      bits = this.#question.ofResource(this.#shared.resource(key).attributes);
      this.#resources.set(key, bits);
    }
    return bits;
  }
}
