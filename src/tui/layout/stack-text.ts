/** Lines of a stack trace that are shown while it is folded: what was thrown, and where. */
const SHOWN = 3;
/** A few lines more are not worth folding. */
const LEAST_HIDDEN = 3;

/** The value of an attribute; a stack trace cut to its first lines, with a note how many there are more and which key shows them. */
export function foldedStack(name: string, value: string): string {
  if (!/stack_?trace$|\.stack$/i.test(name)) return value;
  const lines = value.trimEnd().split('\n');
  const hidden = lines.length - SHOWN;
  if (hidden < LEAST_HIDDEN) return value;
  return [...lines.slice(0, SHOWN), `(${hidden} more lines; s shows them)`].join('\n');
}
