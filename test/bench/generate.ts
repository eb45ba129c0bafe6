import { generateDump } from './generate-dump.ts';
import { MADE_FORMATS } from './made-dump.ts';

const [format, spans, file, seed] = process.argv.slice(2);
const known = MADE_FORMATS.find((name) => name === format);
if (known === undefined || file === undefined || !(Number(spans) > 0)) {
  console.error(
    `usage: node test/bench/run.mjs generate ${MADE_FORMATS.join('|')} <spans> <file> [seed]`,
  );
  process.exitCode = 2;
} else {
  generateDump(known, Number(spans), file, seed === undefined ? undefined : Number(seed));
}
