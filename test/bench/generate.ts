import { calmTraces } from './calm-traces.ts';
import { generateDump, writeDump } from './generate-dump.ts';
import { dumpOf, MADE_FORMATS } from './made-dump.ts';

const [format, spans, file, seed, calm] = process.argv.slice(2);
const known = MADE_FORMATS.find((name) => name === format);
if (known === undefined || file === undefined || !(Number(spans) > 0)) {
  console.error(
    `usage: node test/bench/run.mjs generate ${MADE_FORMATS.join('|')} <spans> <file> [seed [calm]]`,
  );
  process.exitCode = 2;
} else if (calm === 'calm') {
  writeDump(file, dumpOf(known, calmTraces(Number(spans), Number(seed))));
} else {
  generateDump(known, Number(spans), file, seed === undefined ? undefined : Number(seed));
}
