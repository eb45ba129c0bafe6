import type { AttributeScope } from './query.ts';

/** What names and values there are to choose from. Lists are in the order in which they are offered. */
export interface Vocabulary {
  readonly services: () => readonly string[];
  /** Names of spans. */
  readonly operations: () => readonly string[];
  readonly attributes: () => readonly KnownAttribute[];
  /** Values of an attribute; texts, numbers and truth values. Empty where nothing is known. */
  readonly values: (scope: AttributeScope, name: string) => readonly (string | number | boolean)[];
}

/** An attribute that spans have. */
export interface KnownAttribute {
  readonly scope: Exclude<AttributeScope, 'any'>;
  readonly name: string;
}
