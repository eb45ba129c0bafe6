import type { TimeZone } from '../../report/format-time.ts';
import type { Part } from '../layout/styled-parts.ts';
import type { Target } from '../target.ts';
import type { Theme } from '../theme.ts';

/** One line of a list. */
export interface ListItem {
  /** From left to right; cut where they do not fit. */
  readonly parts: readonly Part[];
  /** At the right edge, whole. */
  readonly right?: readonly Part[];
  /** In the gutter, for what is broken. */
  readonly isBad?: boolean;
  /** Null for headings and plain lines, which cannot be selected. */
  readonly target: Target | null;
  /** More about it, for the status line. */
  readonly about?: readonly Part[];
}

/** A list and what stands above it. */
export interface ItemList {
  /** What the list is, in a line. */
  readonly facts: readonly Part[];
  /** Heads of its columns; none for lists of sentences. */
  readonly head: readonly Part[];
  readonly rightHead?: readonly Part[];
  readonly items: readonly ListItem[];
  /** What stands in an empty list. */
  readonly empty: string;
}

/** What lists depend on besides their data. */
export interface ItemLook {
  readonly columns: number;
  readonly theme: Theme;
  readonly zone: TimeZone;
}

/** A heading over some items, with a blank line above unless it is the first. */
export function heading(title: string, note: string, isFirst: boolean, theme: Theme): ListItem[] {
  const { accent, strong, muted } = theme;
  const parts: Part[] = [[title, (text) => strong(accent(text))]];
  if (note !== '') parts.push([`  ${note}`, muted]);
  const line: ListItem = { parts, target: null };
  return isFirst ? [line] : [{ parts: [], target: null }, line];
}
