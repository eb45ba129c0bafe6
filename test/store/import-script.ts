import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStore } from '../../src/store/open-store.ts';
import { refreshSummaries } from '../../src/store/trace-summaries.ts';
import { beginImport } from '../../src/store/write-spans.ts';
import { numberedSpans } from './numbered-spans.ts';

/** A process that imports: `node script.mjs <store> <first> <count> <batch size>`. Prints a line after each batch. */
const [path = '', first = '0', count = '0', batchSize = '1'] = process.argv.slice(2);
const spans = numberedSpans(Number(first), Number(count));
const store = openStore(path, 'write');
const writer = beginImport(store, { dump: `from ${first}`, format: 'test', sizeBytes: null });
for (let at = 0; at < spans.length; at += Number(batchSize)) {
  writer.write(spans.slice(at, at + Number(batchSize)));
  console.log('batch');
  await nextTurn();
}
const result = writer.finish({ format: 'test', records: 0, split: 0, issues: [] });
refreshSummaries(store);
console.log(JSON.stringify(result));
store.close();
