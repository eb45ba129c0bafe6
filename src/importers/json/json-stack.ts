import type { Place } from '../import-issue.ts';
import { BRACE, BRACKET, closerOf, isOpener, QUOTE } from './json-bytes.ts';
import type { ListShape, ObjectShape, Shape } from './json-shape.ts';

/** One object or list that the scanner has descended into. */
export interface OpenShape {
  readonly shape: ObjectShape | ListShape;
  /** The byte that closes it. */
  readonly closer: number;
  /** Column of the first character of the line that it opens on, −1 when unknown. */
  readonly lineIndent: number;
  /** Column of its first member if that begins a line, else −1. */
  memberColumn: number;
  /** What the next member's value looks like; undefined for a key that the shape does not name. */
  next: Shape | undefined;
}

/** Where reading can go on: at a member of an open object or list, at the bracket that closes one, or at a new top-level value. */
export type ResumePoint = 'member' | 'closer' | 'top';

/** The objects and lists that the scanner is inside of, outermost first. */
export class JsonStack {
  readonly #open: OpenShape[] = [];

  get top(): OpenShape | undefined {
    return this.#open.at(-1);
  }

  get depth(): number {
    return this.#open.length;
  }

  push(shape: ObjectShape | ListShape, lineIndent: number, at: Place): void {
    const isObject = shape.kind === 'object';
    if (isObject) shape.open?.(at);
    this.#open.push({
      shape,
      closer: closerOf(isObject ? BRACE : BRACKET),
      lineIndent,
      memberColumn: -1,
      next: isObject ? undefined : shape.element,
    });
  }

  /** Closes everything that is deeper than `depth` without having seen its brackets. */
  popTo(depth: number, at: Place): void {
    while (this.#open.length > depth) this.#leave(at, false);
  }

  #leave(at: Place, isWhole: boolean): void {
    const open = this.#open.pop();
    if (open?.shape.kind === 'object') open.shape.close?.(at, isWhole);
  }

  /** Notes that a member of the innermost object or list begins a line, at `column`. Only the first one counts. */
  noteMember(column: number): void {
    const open = this.#open.at(-1);
    if (open !== undefined && open.memberColumn === -1) open.memberColumn = column;
  }

  /** Closes the innermost object or list that `closer` closes, after all that is deeper; nothing when there is none. */
  close(closer: number, at: Place): void {
    const index = this.#open.findLastIndex((open) => open.closer === closer);
    if (index === -1) return;
    this.popTo(index + 1, at);
    this.#leave(at, true);
  }

  /**
   * Finds by its indentation what a line belongs to that begins with `byte` at `column`, and closes what is deeper. Null when
   * the line is inside of something that was lost.
   */
  resume(byte: number, column: number, at: Place): ResumePoint | null {
    const index = this.#open.findLastIndex(
      (open) => isCloserOf(open, byte, column) || isMemberOf(open, byte, column),
    );
    const open = this.#open[index];
    if (open !== undefined) {
      this.popTo(index + 1, at);
      return isCloserOf(open, byte, column) ? 'closer' : 'member';
    }
    if (!isOpener(byte) || column > 0) return null;
    this.popTo(0, at);
    return 'top';
  }
}

function isCloserOf(open: OpenShape, byte: number, column: number): boolean {
  return byte === open.closer && open.lineIndent === column;
}

function isMemberOf(open: OpenShape, byte: number, column: number): boolean {
  const begins = open.shape.kind === 'object' ? byte === QUOTE : isOpener(byte);
  return begins && open.memberColumn === column;
}
