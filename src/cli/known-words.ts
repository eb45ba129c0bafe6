import type { Vocabulary } from '../traceql/vocabulary.ts';

type Value = string | number | boolean;
type Scope = ReturnType<Vocabulary['attributes']>[number]['scope'];

/** A vocabulary as plain data, which passes between threads. */
export interface KnownWords {
  readonly services: readonly string[];
  readonly operations: readonly string[];
  readonly attributes: readonly {
    readonly scope: Scope;
    readonly name: string;
    readonly values: readonly Value[];
  }[];
}

export function wordsOf(vocabulary: Vocabulary): KnownWords {
  return {
    services: vocabulary.services(),
    operations: vocabulary.operations(),
    attributes: vocabulary
      .attributes()
      .map(({ scope, name }) => ({ scope, name, values: vocabulary.values(scope, name) })),
  };
}

/** The vocabulary that `words` were taken from. */
export function vocabularyOf({ services, operations, attributes }: KnownWords): Vocabulary {
  return {
    services: () => services,
    operations: () => operations,
    attributes: () => attributes,
    values: (scope, name) => {
      const known = attributes.filter(
        (attribute) =>
          attribute.name === name &&
          (scope === attribute.scope ||
            (scope === 'any' && (attribute.scope === 'span' || attribute.scope === 'resource'))),
      );
      return Array.from(new Set(known.flatMap(({ values }) => values)));
    },
  };
}
