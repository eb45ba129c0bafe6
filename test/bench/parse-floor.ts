import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { ListSlices } from './list-slices.ts';

/**
 * What JSON.parse alone takes: `whole` reads the file into one string and parses it, `lines` parses line by line, `slices` cuts the
 * elements of the list that is so many levels deep and parses some of them at a time. Counts the spans and throws them away.
 */
const CHUNK_BYTES = 1 << 20;
const SLICE_BYTES = 256 * 1024;
const NEW_LINE = 0x0a;

/** Its chunks; each is overwritten by the next. */
function* chunksOf(name: string): Generator<Buffer> {
  const source = openSync(name, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let length = readSync(source, chunk); length > 0; length = readSync(source, chunk))
    yield chunk.subarray(0, length);
  closeSync(source);
}

function parseLines(name: string): number {
  let waiting: Buffer[] = [];
  let count = 0;
  const parseWaiting = (): void => {
    const line = Buffer.concat(waiting).toString('utf8');
    waiting = [];
    if (line !== '') count += countSpans(JSON.parse(line));
  };
  for (const chunk of chunksOf(name)) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEW_LINE, start);
      waiting.push(Buffer.from(chunk.subarray(start, end < 0 ? chunk.length : end)));
      if (end < 0) break;
      parseWaiting();
      start = end + 1;
    }
  }
  parseWaiting();
  return count;
}

/** The elements of the list at `depth`, some of them parsed together. */
function parseSlices(name: string, depth: number): number {
  let count = 0;
  const slices = new ListSlices(depth, SLICE_BYTES, (text) => {
    count += countSpans(JSON.parse(`[${text}]`));
  });
  for (const chunk of chunksOf(name)) slices.push(chunk);
  return count;
}

interface AnyDump {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly object[] }[];
  }[];
  readonly data?: readonly AnyTrace[];
}

interface AnyTrace {
  readonly spans: readonly object[];
}

/** Of a whole dump, or of elements of its list: spans, or traces that hold some. */
function countSpans(dump: AnyDump | readonly object[]): number {
  if (!('length' in dump)) {
    const { resourceSpans = [], data = [] } = dump;
    const lists = [...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans), ...data];
    return lists.reduce((sum, { spans }) => sum + spans.length, 0);
  }
  return dump.reduce<number>(
    (sum, each) => sum + ('spans' in each ? (each as AnyTrace).spans.length : 1),
    0,
  );
}

const [way = '', file = '', depth = ''] = process.argv.slice(2);
if (way === 'lines') console.log(parseLines(file));
else if (way === 'slices') console.log(parseSlices(file, Number(depth)));
else console.log(countSpans(JSON.parse(readFileSync(file, 'utf8'))));
