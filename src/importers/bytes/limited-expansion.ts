import { UserError } from '../../model/user-error.ts';

/** No dump whose spans have ids of their own swells so: those do not compress. */
const MAX_RATIO = 250;
/** Before that it does no harm: a small file may well say the same again and again. */
const HARMLESS_BYTES = 64 * 1024 * 1024;

/**
 * What is decompressed, as long as it is in some proportion to what that is made from. Throws a UserError where it is not: a megabyte
 * may hold gigabytes that take hours, and a disk, to import.
 */
export async function* limitedExpansion<Result>(
  content: AsyncGenerator<Uint8Array, Result>,
  { name, bytesRead }: { readonly name: string; readonly bytesRead: () => number },
): AsyncGenerator<Uint8Array, Result> {
  let bytes = 0;
  try {
    for (;;) {
      const next = await content.next();
      if (next.done === true) return next.value;
      bytes += next.value.length;
      if (bytes > HARMLESS_BYTES && bytes > bytesRead() * MAX_RATIO) throw swells(name, bytes);
      yield next.value;
    }
  } finally {
    await content.return?.(undefined as never);
  }
}

function swells(name: string, bytes: number): UserError {
  const source = name === '-' ? 'standard input' : name;
  return new UserError('input', `${source} swells to more than ${MAX_RATIO} times its size`, {
    where: [`after ${bytes} bytes that were decompressed`],
    fix: 'if that is right, decompress it yourself: gunzip -c FILE | tracecli import -, or zstd -dc',
  });
}
