import process from 'node:process';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleScript } from '../helpers/bundle-script.ts';
import { PtyTerminal } from '../helpers/pty-terminal.ts';

// What people ask other tools for in vain, in a real terminal. Each journey says how many keys it may take; typed words count as one
// key a letter.

let script = '';
const open: PtyTerminal[] = [];

beforeAll(async () => {
  script = await bundleScript('test/bench/explore-shop.ts');
});

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

/** A terminal that counts the keys that are pressed. */
class Journey {
  keys = 0;
  readonly terminal: PtyTerminal;

  constructor(terminal: PtyTerminal) {
    this.terminal = terminal;
  }

  /** Each character is a key. */
  press(keys: string): void {
    this.keys += keys.length;
    this.terminal.send(keys);
  }

  sees(pattern: RegExp): Promise<void> {
    return this.terminal.until(pattern);
  }
}

async function explore(...args: string[]): Promise<Journey> {
  const terminal = new PtyTerminal(process.execPath, [script, ...args], { columns: 120, rows: 36 });
  open.push(terminal);
  await terminal.until(/q quit/);
  return new Journey(terminal);
}

/** What somebody wants to know, and in how many keys they get there. */
function journey(
  wish: string,
  keys: number,
  args: readonly string[],
  walk: (journey: Journey) => Promise<void>,
): void {
  test(`${wish}: ${keys} keys`, async () => {
    const walked = await explore(...args);
    await walk(walked);
    expect(walked.keys).toBe(keys);
  });
}

describe('journeys', () => {
  journey(
    '5,500 spans and 7 errors, see the last one',
    2,
    ['traces=0', 'large=5500'],
    async (journey) => {
      journey.press('\r');
      await journey.sees(/5,500 spans.*✖ 7 errors/);
      journey.press('E');
      await journey.sees(/✖ 7\/7 /);
    },
  );

  journey(
    'what is broken: the first line of the overview opens the failed span',
    1,
    ['traces=20', 'first=overview'],
    async (journey) => {
      await journey.sees(/failed +payment POST api\.bank\.example/);
      journey.press('\r');
      await journey.sees(/payment POST api\.bank\.example .*✖ card issuer timed out/);
    },
  );

  journey(
    'why is it slow: the finding names the repeated query and opens it',
    11,
    ['traces=20', 'first=overview'],
    async (journey) => {
      journey.press('5');
      await journey.sees(/n-plus-one/);
      journey.press('/n-plus\r\r');
      await journey.sees(/Traces that show it/);
      journey.press('\r');
      await journey.sees(/catalog SELECT shop\.products/);
    },
  );

  journey(
    'the same span 12 times is one row, and all of them when asked for',
    2,
    ['traces=5'],
    async (journey) => {
      journey.press('\r');
      await journey.sees(/SELECT shop\.products +×12 .*Σ/);
      journey.press('u');
      await journey.sees(/\/2[0-9] $|\/2[0-9]$/m);
    },
  );

  journey('only the calls of a store, with the way to them', 10, ['traces=5'], async (journey) => {
    journey.press('\rfhgetall\r');
    await journey.sees(/only “hgetall” 1 of \d+ spans/);
    await journey.sees(/web GET \/checkout[\s\S]*HGETALL/);
  });

  journey('only the spans of one service', 11, ['traces=5'], async (journey) => {
    journey.press('\r/HGETALL\rX');
    await journey.sees(/only cart \d+ of \d+ spans/);
  });

  journey('an error in a folded subtree comes to sight', 4, ['traces=20'], async (journey) => {
    journey.press('e\r]');
    await journey.sees(/▸✖ web GET \/checkout/);
    journey.press('E');
    await journey.sees(/▌◆│ +└─ ✖ POST api\.bank\.example[\s\S]*✖ (\d+)\/\1 /);
  });

  journey('how unusual is this span', 2, ['traces=20', 'first=overview'], async (journey) => {
    await journey.sees(/Slow/);
    journey.press('\r\r');
    await journey.sees(/rank +(?:the slowest|slower than|in the faster half) .*of its kind/);
  });

  journey('zoom to a span, and back', 4, ['traces=20'], async (journey) => {
    journey.press('\rjz');
    await journey.sees(/ zoom \S+ → /);
    journey.press('Z');
    await journey.sees(/^(?![\s\S]* zoom \S+ → )/);
  });

  journey(
    'only slow traces: mark the right end of the histogram',
    34,
    ['traces=40'],
    async (journey) => {
      journey.press('c');
      await journey.sees(/█/);
      journey.press('llLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLb');
      await journey.sees(/\d traces +\d+(?:\.\d+)?m?s to \d+(?:\.\d+)?m?s/);
    },
  );

  journey('two traces side by side', 5, ['traces=10'], async (journey) => {
    journey.press('d');
    await journey.sees(/is A; press the key again on B/);
    journey.press('jjd');
    await journey.sees(/\d slower +\d+ faster/);
    journey.press('\x1b');
    await journey.sees(/10 traces/);
  });

  journey(
    'who calls the database, and the traces of that call',
    9,
    ['traces=10', 'first=overview'],
    async (journey) => {
      journey.press('4');
      await journey.sees(/postgresql\/shop/);
      journey.press('jjjjjjj\r');
      await journey.sees(/traces +query \{ resource\.service\.name = /);
    },
  );

  journey(
    'a span for the ticket, as Markdown on the clipboard',
    14,
    ['traces=5'],
    async (journey) => {
      journey.press('e\ree');
      await journey.sees(/✖ 3\/10/);
      journey.press('y');
      await journey.sees(/span as Markdown/);
      journey.press('markdown');
      await journey.sees(/copy markdown/);
      journey.press('\r');
      await journey.sees(/copied \*\*/);
      // The screen may say so before what goes to the clipboard is through.
      await vi.waitFor(() => {
        const [, base64 = ''] = /\]52;c;([A-Za-z0-9+/=]+)/.exec(journey.terminal.output) ?? [];
        expect(Buffer.from(base64, 'base64').toString()).toMatch(/\| status \| error: card issuer/);
      });
    },
  );

  journey('a command whose key one has forgotten', 16, ['traces=5'], async (journey) => {
    journey.press('\r');
    await journey.sees(/minimap/);
    journey.press(':only critical\r');
    await journey.sees(/only the critical path/);
  });

  journey(
    'from the details of a span to all spans with the same value',
    21,
    ['traces=5'],
    async (journey) => {
      journey.press('\r');
      await journey.sees(/minimap/);
      journey.press('/SELECT\r\r');
      await journey.sees(/db\.query\.text/);
      journey.press('\r');
      await journey.sees(/only spans with db\.namespace = shop/);
      journey.press('namespace\r');
      await journey.sees(/only “db\.namespace=shop” 12 of/);
    },
  );
});

test('keys at 60 a second are all heard', async () => {
  const journey = await explore('traces=0', 'large=5000');
  journey.press('\r');
  await journey.sees(/ 1\/5,000/);
  for (let i = 0; i < 120; i++) {
    journey.press('j');
    await new Promise((resolve) => setTimeout(resolve, 1000 / 60));
  }
  await journey.sees(/ 121\/5,000/);
});
