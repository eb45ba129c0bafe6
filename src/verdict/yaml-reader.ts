import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import { UserError } from '../model/user-error.ts';
import { nearestOf } from './text-scanner.ts';

/** A value of a YAML file that knows where it stands. */
export interface YamlValue {
  readonly node: ParsedNode | Node | null;
  /** Where the value begins, in characters from the start. */
  readonly offset: number;
}

/** Reads a YAML file field by field; everything that is not as expected is a usage error with line and column. */
export class YamlReader {
  readonly root: YamlValue;
  readonly #name: string;
  readonly #lines = new LineCounter();

  constructor(text: string, name: string) {
    this.#name = name;
    const document = parseDocument(text, { lineCounter: this.#lines });
    const [error] = document.errors;
    if (error !== undefined) {
      const [what = ''] = error.message.split(' at line', 1);
      this.fail(error.pos[0], `it is not YAML: ${what}`);
    }
    this.root = { node: document.contents, offset: 0 };
  }

  fail(offset: number, problem: string, fix?: string): never {
    const { line, col } = this.#lines.linePos(offset);
    throw new UserError('usage', `${this.#name}: ${problem}`, {
      where: [`${this.#name}:${Math.max(1, line)}:${Math.max(1, col)}`],
      ...(fix !== undefined && { fix }),
    });
  }

  /** From 1. */
  lineOf(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  /** The fields of a mapping. A key that is not one of `known` is an error. */
  fields(value: YamlValue, known: readonly string[]): ReadonlyMap<string, YamlValue> {
    const { node } = value;
    if (!isMap(node)) return this.fail(value.offset, `expected ${known.join(', ')}`);
    const fields = new Map<string, YamlValue>();
    for (const { key, value: inner } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const at = offsetOf(key) ?? value.offset;
      if (!known.includes(name)) this.failUnknown(at, 'a setting', name, known);
      const content = isNode(inner) ? inner : null;
      fields.set(name, { node: content, offset: offsetOf(content) ?? at });
    }
    return fields;
  }

  failUnknown(offset: number, kind: string, word: string, known: readonly string[]): never {
    const nearest = nearestOf(word, known);
    return this.fail(
      offset,
      `"${word}" is not ${kind}`,
      nearest === null ? `one of ${known.join(', ')}` : `did you mean "${nearest}"?`,
    );
  }

  list(value: YamlValue): readonly YamlValue[] {
    const { node } = value;
    if (!isSeq(node)) return this.fail(value.offset, 'expected a list');
    return node.items.map((item) => {
      const content = isNode(item) ? item : null;
      return { node: content, offset: offsetOf(content) ?? value.offset };
    });
  }

  /** A text, or null where the value is none. */
  textIn({ node }: YamlValue): string | null {
    return isScalar(node) && typeof node.value === 'string' ? node.value : null;
  }

  text(value: YamlValue): string {
    const { node } = value;
    if (!isScalar(node) || node.value === null || typeof node.value === 'object')
      return this.fail(value.offset, 'expected a text');
    // As written: `2027-01-01` and `10%` are texts, `0.05` may be meant as one.
    return node.source ?? '';
  }

  oneOf<Word extends string>(value: YamlValue, kind: string, known: readonly Word[]): Word {
    const text = this.text(value);
    const word = known.find((candidate) => candidate === text);
    return word ?? this.failUnknown(value.offset, kind, text, known);
  }
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
