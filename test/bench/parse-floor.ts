import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/**
 * What JSON.parse alone takes: `whole` reads the file into one string and parses it, `lines` parses line by line.
 * Counts the spans and throws them away.
 */
const CHUNK_BYTES = 1 << 20;
const NEW_LINE = 0x0a;

const [way = '', file = ''] = process.argv.slice(2);
const spans =
  way === 'lines' ? parseLines(file) : countSpans(JSON.parse(readFileSync(file, 'utf8')));
console.log(spans);

function parseLines(name: string): number {
  const source = openSync(name, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let waiting: Buffer[] = [];
  let count = 0;
  const parseWaiting = (): void => {
    const line = Buffer.concat(waiting).toString('utf8');
    waiting = [];
    if (line !== '') count += countSpans(JSON.parse(line));
  };
  for (let length = readSync(source, chunk); length > 0; length = readSync(source, chunk)) {
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, length).indexOf(NEW_LINE, start);
      waiting.push(Buffer.from(chunk.subarray(start, end < 0 ? length : end)));
      if (end < 0) break;
      parseWaiting();
      start = end + 1;
    }
  }
  parseWaiting();
  closeSync(source);
  return count;
}

interface AnyDump {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly object[] }[];
  }[];
  readonly data?: readonly { readonly spans: readonly object[] }[];
}

function countSpans(dump: AnyDump | readonly object[]): number {
  if (!('length' in dump)) {
    const { resourceSpans = [], data = [] } = dump;
    const lists = [...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans), ...data];
    return lists.reduce((sum, { spans: list }) => sum + list.length, 0);
  }
  return dump.length;
}
