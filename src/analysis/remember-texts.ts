/** Texts that are remembered, at most, and how long they may be: 3 MB together. */
const MAX_TEXTS = 2_000;
const MAX_LENGTH = 500;

/**
 * The same function of a text, which remembers the results of the last few thousand texts: names of operations, say, of which there
 * are few. It forgets all of them when they become too many.
 */
export function rememberTexts<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = compute(text);
      if (known.size === MAX_TEXTS) known.clear();
      if (text.length <= MAX_LENGTH) known.set(text, result);
    }
    return result;
  };
}
