import { expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { resourceOf, spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { Stage } from '../helpers/stage.ts';

/** Texts that do something to a terminal that prints them. */
const ATTACKS: Readonly<Record<string, string>> = {
  colours: 'a\x1b[31mb',
  'clipboard (OSC 52)': 'a\x1b]52;c;ZXZpbA==\x07b',
  'clipboard, unterminated': 'a\x1b]52;c;ZXZp',
  title: 'a\x1b]0;pwned\x07b',
  'link (OSC 8)': 'a\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\b',
  'device control': 'a\x1bP+q544e\x1b\\b',
  'application command': 'a\x1b_Gi=1;AAAA\x1b\\b',
  reset: 'a\x1bcb',
  'character set': 'a\x1b(0qqq',
  'a query that types an answer': 'a\x1b[6n\x1b[21tb',
  'alternate screen': 'a\x1b[?1049lb',
  'C1 CSI': 'a\x9b2Jb',
  'C1 OSC': 'a\x9d0;x\x9cb',
  'a sequence that stripping would form': 'a\x1b\x1b[31m[2Jb',
  'carriage return': 'good\rEVIL',
  backspaces: 'good\b\b\b\bEVIL',
  bell: 'a\x07b',
  'line break': 'a\nb',
  tab: 'a\tb',
  'shift out': 'a\x0eqqq\x0fb',
  nul: 'a\0b',
  del: 'a\x7fb',
  'right to left': 'a\u202egpj.exe',
  isolate: 'a\u2066x\u2069',
  'zero width': 'ad\u200bmin',
  'tag characters': 'a\u{e0041}\u{e0042}b',
  'line separator': 'a\u2028b',
  zalgo: `z${'\u0316'.repeat(30)}`,
  'lone surrogate': 'a\ud800b',
};

/** Sequences that the painter writes itself: looks, places, erasing to the end of a row, scrolling, synchronised output. */
const OURS = [
  '[0-9;]*m',
  '\\d+;\\d+H',
  'K',
  '\\d*[ST]',
  '(?:\\d+;\\d+)?r',
  '\\?(?:2026[hl]|7l|1049h)',
].map((rest) => new RegExp(`\x1b\\[${rest}`, 'g'));
/** Controls, what turns or hides text, tags, halves of characters, towers of marks. */
const DANGEROUS =
  /\p{Cc}|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]|\p{Cs}|\p{M}{5,}/u;

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
