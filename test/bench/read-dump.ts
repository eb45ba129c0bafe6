import { openBatches } from '../../src/importers/batch-source.ts';
import { findDumps } from '../../src/importers/open-dump.ts';

/** What the importer takes without a store: reads a dump into batches as `tracecli import` does, counts their spans and throws them away. */
const [path = ''] = process.argv.slice(2);
const { signal } = new AbortController();
let spans = 0;
for (const file of await findDumps([path])) {
  for await (const batch of openBatches(file, { format: 'auto', signal }).batches)
    spans += batch.length;
}
console.log(spans);
