import { cleanText } from '../report/clean-text.ts';
import type { Store } from '../store/open-store.ts';
import { namedAttributes } from '../traceql/named-attributes.ts';
import { nearestWord } from '../traceql/nearest-word.ts';
import { printField } from '../traceql/print-query.ts';
import type { Stage } from '../traceql/query.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { storeVocabulary } from './store-vocabulary.ts';

/** Says of a query that found nothing which of its attributes no span that was looked at has, and what they may have been meant to be. */
export function noteUnknownAttributes(
  io: Io,
  options: GlobalOptions,
  store: Store,
  stages: readonly Stage[],
): void {
  if (options.quiet) return;
  const known = storeVocabulary(store).attributes();
  for (const field of namedAttributes(stages)) {
    const fits = known.filter(
      ({ scope }) =>
        scope === field.scope ||
        (field.scope === 'any' && (scope === 'span' || scope === 'resource')),
    );
    if (fits.some(({ name }) => name === field.name)) continue;
    const nearest = nearestWord(
      field.name,
      fits.map(({ name }) => name),
    );
    const hint =
      nearest === null ? '' : `; did you mean ${printField({ ...field, name: nearest })}?`;
    io.stderr.write(cleanText(`note: no span of a sample has ${printField(field)}${hint}`));
    io.stderr.write('\n');
  }
}
