// Compiles the scanner, which is AssemblyScript, to WebAssembly.
import { fileURLToPath } from 'node:url';
import { Node, NodeKind } from 'assemblyscript';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Functions whose comment ends with `@inline` get the decorator of that name. TypeScript has no decorators on functions, so as
 * decorators they would keep editors and the formatter from reading the files.
 */
const inlining = {
  afterParse({ sources }) {
    for (const { text, statements, isLibrary } of sources) {
      if (isLibrary) continue;
      for (const statement of statements) {
        const { kind, range } = statement;
        const before = text.slice(0, range.start);
        if (
          kind === NodeKind.FunctionDeclaration &&
          /@inline\s+\*\/\s*(?:export\s*)?$/.test(before)
        ) {
          const name = Node.createIdentifierExpression('inline', range);
          statement.decorators = [Node.createDecorator(name, null, range)];
        }
      }
    }
  },
};

/** Writes `scanner.wasm` into a folder. */
export async function compileScanner(folder) {
  const options = '-O3 --noAssert --runtime stub --use abort= --enable simd --enable bulk-memory';
  const files = [
    'src/scanner/scanner.ts',
    '--baseDir',
    root,
    '--outFile',
    `${folder}/scanner.wasm`,
  ];
  const { error } = await asc.main([...files, ...options.split(' ')], {
    transforms: [inlining],
    stderr: process.stderr,
  });
  if (error !== null) throw error;
}
