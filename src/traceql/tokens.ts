import type { AttributeScope, Place } from './query.ts';

/** Operators and punctuation, the longest first where one begins with another. */
export const SYMBOLS = [
  '!>>',
  '!<<',
  '&>>',
  '&<<',
  '=~',
  '!~',
  '!=',
  '>=',
  '<=',
  '>>',
  '<<',
  '&&',
  '||',
  '!>',
  '!<',
  '&>',
  '&<',
  '&~',
  '=',
  '>',
  '<',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '~',
  '|',
  '{',
  '}',
  '(',
  ')',
  ',',
] as const;
export type SymbolText = (typeof SYMBOLS)[number];

/** One word of a query. */
export type Token = Place &
  (
    | { readonly token: 'symbol'; readonly text: SymbolText }
    | { readonly token: 'string'; readonly value: string }
    | { readonly token: 'int'; readonly value: bigint }
    | { readonly token: 'float'; readonly value: number }
    | { readonly token: 'duration'; readonly value: number }
    | { readonly token: 'word'; readonly text: string }
    | { readonly token: 'attribute'; readonly scope: AttributeScope; readonly name: string }
    /** `span:name` and the like, whether or not there is such an intrinsic. */
    | { readonly token: 'scoped'; readonly text: string }
    /** `parent.x`, which nothing here can answer. */
    | { readonly token: 'parent' }
    | { readonly token: 'end' }
  );
