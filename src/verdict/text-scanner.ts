import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../model/user-error.ts';

/** Reads an expression from left to right, and says where something is wrong. Blanks between parts are skipped. */
export class TextScanner {
  readonly text: string;
  readonly #what: string;
  position = 0;

  /** `what` is what the text is, for messages: `check`. */
  constructor(text: string, what: string) {
    this.text = text;
    this.#what = what;
  }

  /** The next part if it has the shape of `pattern` (sticky), else null. */
  take(pattern: RegExp): string | null {
    this.skipBlanks();
    pattern.lastIndex = this.position;
    const [match] = pattern.exec(this.text) ?? [];
    if (match === undefined) return null;
    this.position += match.length;
    return match;
  }

  /** The next part if it is the first of `words` that fits, else null. */
  takeOne<Word extends string>(words: readonly Word[]): Word | null {
    this.skipBlanks();
    const word = words.find((candidate) => this.text.startsWith(candidate, this.position));
    if (word !== undefined) this.position += word.length;
    return word ?? null;
  }

  expect(word: string): void {
    if (this.takeOne([word]) === null) this.fail(`expected "${word}"`);
  }

  isAtEnd(): boolean {
    this.skipBlanks();
    return this.position === this.text.length;
  }

  skipBlanks(): void {
    while (/\s/.test(this.text[this.position] ?? '')) this.position++;
  }

  /** Throws a usage error that points at `position`, the current one by default. */
  fail(problem: string, { at = this.position, fix }: { at?: number; fix?: string } = {}): never {
    throw new UserError('usage', `cannot read the ${this.#what}: ${problem}`, {
      where: [this.text, `${' '.repeat(at)}^ column ${at + 1}`],
      ...(fix !== undefined && { fix }),
    });
  }

  /** The same for a word that is not one of `known`; names the nearest. */
  failUnknown(kind: string, word: string, known: readonly string[], at: number): never {
    const nearest = nearestOf(word, known);
    this.fail(`"${word}" is not ${kind}`, {
      at,
      fix: nearest === null ? `one of ${known.join(', ')}` : `did you mean "${nearest}"?`,
    });
  }
}

/** The one of `known` that `word` is most likely meant to be, null when none is near. */
export function nearestOf(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(word, known);
  return distance(word, best) <= Math.max(2, word.length / 3) ? best : null;
}
