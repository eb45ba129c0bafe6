/** The parts of a name that differ between two calls of one operation; the order matters, the longest first. */
const VARIABLE =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<![0-9a-z])(?=[0-9a-f]*[0-9])[0-9a-f]{10,}(?![0-9a-z])|\d{6,}/gi;
const NUMBER = /(?<![A-Za-z0-9])\d+(?![A-Za-z0-9])/g;

/**
 * A span's name with UUIDs, runs of ten or more hex digits, e-mail addresses, numbers of six or more digits and numbers that
 * stand alone replaced by `*`: `GET /items/12` and `GET /items/13` have one pattern. Names without any stay as they are.
 */
export function namePattern(name: string): string {
  return name.replace(VARIABLE, '*').replace(NUMBER, '*');
}

/** The same without numbers that stand alone and are short: `HTTP 200`, `page 2` and `v1` are no ids. */
export function idPattern(name: string): string {
  return name.replace(VARIABLE, '*');
}
