import { ALL_OPEN, type Fold } from './fold.ts';

/** Which spans of a trace are wanted at all. */
export interface Sieve {
  /** As `spanMatcher` reads it; '' lets everything through. */
  readonly filter: string;
  /** Services whose spans are left out. */
  readonly hidden: ReadonlySet<string>;
  /** Only spans of this service, with their ancestors; null: all. */
  readonly isolated: string | null;
  /** Only spans that own a part of the critical path, with their ancestors. */
  readonly isCriticalOnly: boolean;
}

/** Which spans of a trace have a row. Equal objects mean equal rows, so that the rows can be kept. */
export interface Outline {
  readonly fold: Fold;
  readonly sieve: Sieve;
  /** Position of the span whose subtree is shown alone; null: the whole trace. */
  readonly root: number | null;
  /** Whether repeated siblings share a row. */
  readonly groupsSiblings: boolean;
  /** Groups that are shown span by span, by the position of their first one. */
  readonly openGroups: ReadonlySet<number>;
}

export const EVERYTHING: Sieve = {
  filter: '',
  hidden: new Set(),
  isolated: null,
  isCriticalOnly: false,
};

export const FIRST_OUTLINE: Outline = {
  fold: ALL_OPEN,
  sieve: EVERYTHING,
  root: null,
  groupsSiblings: true,
  openGroups: new Set(),
};

/** Whether some spans are kept only because of others below them. */
export function keepsAncestors({ filter, isolated, isCriticalOnly }: Sieve): boolean {
  return filter !== '' || isolated !== null || isCriticalOnly;
}

/** Groups stand for spans that are all wanted; what was looked for must not disappear in one. */
export function drawsGroups({ groupsSiblings, sieve }: Outline): boolean {
  return groupsSiblings && !keepsAncestors(sieve);
}

export function withFold(outline: Outline, fold: Fold): Outline {
  return fold === outline.fold ? outline : { ...outline, fold };
}

export function withSieve(outline: Outline, change: Partial<Sieve>): Outline {
  return { ...outline, sieve: { ...outline.sieve, ...change } };
}

export function withGroup(outline: Outline, head: number, isOpen: boolean): Outline {
  const openGroups = new Set(outline.openGroups);
  if (isOpen) openGroups.add(head);
  else openGroups.delete(head);
  return { ...outline, openGroups };
}

/** Takes the narrowest restriction off: filter, isolation, hidden services, critical path, new root; null when there is none. */
export function relaxed(outline: Outline): Outline | null {
  const { filter, isolated, hidden, isCriticalOnly } = outline.sieve;
  if (filter !== '') return withSieve(outline, { filter: '' });
  if (isolated !== null) return withSieve(outline, { isolated: null });
  if (hidden.size > 0) return withSieve(outline, { hidden: new Set() });
  if (isCriticalOnly) return withSieve(outline, { isCriticalOnly: false });
  return outline.root === null ? null : { ...outline, root: null };
}
