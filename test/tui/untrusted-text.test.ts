import { expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { ATTACKS, DANGEROUS } from '../helpers/attack-strings.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { resourceOf, spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { Stage } from '../helpers/stage.ts';

/** Sequences that the painter writes itself: looks, places, erasing to the end of a row, scrolling, synchronised output. */
const OURS = [
  '[0-9;]*m',
  '\\d+;\\d+H',
  'K',
  '\\d*[ST]',
  '(?:\\d+;\\d+)?r',
  '\\?(?:2026[hl]|7l|1049h)',
].map((rest) => new RegExp(`\x1b\\[${rest}`, 'g'));
function hostileSpans(text: string): Span[] {
  const attributes = new Map([
    [text, text],
    ['exception.stacktrace', `${text}\n  at ${text}`],
  ]);
  return [
    spanOf({
      traceId: traceIdOf('e71'),
      spanId: '1',
      name: text,
      kind: 'server',
      statusCode: 'error',
      statusMessage: text,
      traceState: text,
      attributes,
      resource: resourceOf(text, attributes),
      scope: { name: text, version: text, attributes, droppedAttributes: 0, schemaUrl: text },
      events: [
        { timeUnixNano: 0n as Span['startUnixNano'], name: text, attributes, droppedAttributes: 0 },
      ],
      links: [
        {
          traceId: traceIdOf('1'),
          spanId: spanIdOf('2'),
          traceState: text,
          attributes,
          flags: 0,
          droppedAttributes: 0,
        },
      ],
      origin: {
        format: text,
        traceIdRaw: text,
        spanIdRaw: text,
        parentSpanIdRaw: null,
        shared: false,
        debug: false,
        warnings: [text],
      },
    }),
    spanOf({
      traceId: traceIdOf('e71'),
      spanId: '2',
      parentSpanId: '1',
      name: text,
      service: `${text}2`,
    }),
  ];
}

test.each(Object.entries(ATTACKS))(
  '%s never reaches the terminal, on any screen',
  async (_, text) => {
    const stage = new Stage(memorySource([hostileSpans(text)], text), { columns: 120, rows: 60 });
    stage.keys('enter t j k ] [');
    stage.event({ kind: 'paste', text });
    stage.keys('/');
    stage.event({ kind: 'paste', text });
    stage.keys('enter escape enter down y G escape escape /');
    stage.event({ kind: 'paste', text });
    stage.keys('escape');
    for (const key of ['1', '3', '3 enter', '4', '4 v', '5', '5 enter', '6', '7', '2 c', '2 d d']) {
      await stage.keys(key).analyzed();
    }
    const rest = OURS.reduce((output, sequence) => output.replace(sequence, ''), stage.output);
    expect(rest.match(DANGEROUS)?.[0].codePointAt(0)).toBeUndefined();
    expect(rest.length).toBeGreaterThan(2000);
  },
);
