import { expect, test } from 'vitest';
import { spanScanner } from '../../src/importers/span-scanner.ts';

test('there is a scanner, or no test would see what it reads: `npm run build` makes it', () => {
  expect(spanScanner()).not.toBeNull();
});
