import type {
  SeparatingAttributes,
  SeparatingProperty,
} from '../analysis/separating-attributes.ts';
import type { TraceProperty } from '../analysis/trace-properties.ts';
import { formatCount } from './format-count.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** `separates` of the analysis document. */
export function separatesDocument(separates: readonly SeparatingAttributes[]): JsonDocument {
  return separates.map(({ crowdedKeys, properties, ...comparison }) => ({
    ...comparison,
    method: 'fisher-exact, holm',
    crowdedKeys: [...crowdedKeys],
    properties: properties.map(({ sameTraces, ...property }) => ({
      ...property,
      sameTraces: sameTraces.map((same) => ({ ...same })),
    })),
  }));
}

const COLUMNS: readonly Column[] = [
  { header: 'SELECTED', align: 'right' },
  { header: 'REST', align: 'right' },
  { header: 'CHANCE', align: 'right' },
  { header: 'HAS', align: 'left', shrinks: true },
  { header: 'ALSO', align: 'left', shrinks: true, leaves: 2 },
  { header: 'EXAMPLE', align: 'left', leaves: 1 },
];

/** For each selection what its traces have in common, unlike the rest. */
export function separatesSection(separates: readonly SeparatingAttributes[], top: number): Section {
  const shown = separates.filter(({ properties }) => properties.length > 0);
  return {
    title: 'What separates some traces from the rest',
    lines: separates.map((comparison) => cell(sentence(comparison))),
    tables: shown.map(({ selection, properties }) => ({
      columns: COLUMNS.map((column) =>
        column.header === 'SELECTED' ? { ...column, header: selection.toUpperCase() } : column,
      ),
      rows: properties.slice(0, top).map(propertyRow),
      omitted: Math.max(0, properties.length - top),
    })),
    ...(shown.length > 0 && {
      note: 'traces that have it, most different shares first; CHANCE (Fisher’s exact test) is corrected for all that was tried (Holm)',
    }),
  };
}

function sentence({ selection, selected, rest, tried, properties }: SeparatingAttributes): string {
  const sides = `${selection}: ${formatCount(selected, 'trace')} of ${(selected + rest).toLocaleString('en')}`;
  if (selected === 0 || rest === 0) return `${sides}, nothing to compare`;
  const found = properties.length === 0 ? 'nothing' : properties.length.toLocaleString('en');
  const verb = properties.length > 1 ? 'are' : 'is';
  return `${sides}; ${found} of ${formatCount(tried, 'difference')} tried ${verb} too large for chance`;
}

function propertyRow(property: SeparatingProperty): Cell[] {
  const { selected, selectedShare, rest, restShare, correctedChance, sameTraces, exemplar } =
    property;
  const more = sameTraces.length > 1 ? ` +${sameTraces.length - 1}` : '';
  return [
    cell(`${selected} (${formatRatio(selectedShare)})`, 'strong'),
    cell(`${rest} (${formatRatio(restShare)})`),
    cell(chanceText(correctedChance)),
    cell(propertyText(property)),
    cell(sameTraces[0] ? propertyText(sameTraces[0]) + more : '', 'dim'),
    cell(exemplar ? shortTraceId(exemplar) : '', 'accent'),
  ];
}

function chanceText(chance: number): string {
  return chance < 1e-6 ? '<1e-6' : chance.toPrecision(1);
}

/** A property in words: `service cart`, `cart: GET /items`, `db.system=redis`, `retry (any)`. */
function propertyText({ source, key, value }: TraceProperty): string {
  if (source === 'service') return value === null ? 'a service' : `service ${value}`;
  if (source === 'operation')
    return value === null ? `service ${key}` : `${key}: ${value || '(unnamed)'}`;
  return value === null ? `${key} (any)` : `${key}=${value}`;
}
