/**
 * A colour per service: the one that its name hashes to, so that it is the same in every trace, or the next free one.
 * Services are placed in the order of their names, so that the result does not depend on the order in which they come.
 */
export function serviceColors(services: Iterable<string>): ReadonlyMap<string, number> {
  const names = new Set(services);
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of [...names].sort()) {
    let color = hash(name) % PALETTE_SIZE;
    if (taken.size < PALETTE_SIZE) while (taken.has(color)) color = (color + 1) % PALETTE_SIZE;
    taken.add(color);
    colors.set(name, color);
  }
  return colors;
}

/** Number of colours for services in every theme. */
const PALETTE_SIZE = 12;

/** FNV-1a, 32 bits: spreads short names well. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
