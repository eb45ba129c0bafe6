// Compiles the scanner, which is AssemblyScript, to WebAssembly.
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes `scanner.wasm` into a folder. */
export async function compileScanner(folder) {
  const { error, stderr } = await asc.main([
    'src/scanner/scanner.ts',
    ...['--baseDir', root],
    ...['--outFile', `${folder}/scanner.wasm`],
    ...['-O3', '--noAssert'],
    ...['--runtime', 'stub'],
    ...['--use', 'abort='],
    ...['--enable', 'simd', '--enable', 'bulk-memory'],
  ]);
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
}
