import { importDump } from '../../src/importers/import-dump.ts';
import { findDumps, openDump } from '../../src/importers/open-dump.ts';

/** What the importer takes without a store: reads a dump into spans, counts them and throws them away. */
const [file = ''] = process.argv.slice(2);
let spans = 0;
for (const dump of await findDumps([file])) {
  for await (const batch of importDump(openDump(dump), { format: 'auto' })) spans += batch.length;
}
console.log(spans);
