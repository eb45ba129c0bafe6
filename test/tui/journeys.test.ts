import process from 'node:process';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleScript } from '../helpers/bundle-script.ts';
import { PtyTerminal } from '../helpers/pty-terminal.ts';

// What people ask other tools for in vain, in a real terminal, in as few keys as it takes.

let script = '';
const open: PtyTerminal[] = [];

beforeAll(async () => {
  script = await bundleScript('test/bench/explore-shop.ts');
});

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

async function explore(...args: string[]): Promise<PtyTerminal> {
  const terminal = new PtyTerminal(process.execPath, [script, ...args], { columns: 120, rows: 36 });
  open.push(terminal);
  await terminal.until(/q quit/);
  return terminal;
}

describe('journeys', () => {
  test('2000 spans, 2 errors: the last one is two keys away', async () => {
    const terminal = await explore('traces=0', 'large=2000');
    terminal.send('\r');
    await terminal.until(/2,000 spans/);
    terminal.send('E');
    await terminal.until(/✖ (\d+)\/\1 /);
  });

  test('what is broken: the first line of the overview opens the failed span', async () => {
    const terminal = await explore('traces=20', 'first=overview');
    await terminal.until(/failed +payment POST api\.bank\.example/);
    terminal.send('\r');
    await terminal.until(/payment POST api\.bank\.example .*✖ card issuer timed out/);
  });

  test('why is it slow: the finding names the repeated query and opens it', async () => {
    const terminal = await explore('traces=20', 'first=findings');
    await terminal.until(/n-plus-one/);
    terminal.send('/n-plus\r\r');
    await terminal.until(/Traces that show it/);
    terminal.send('\r');
    await terminal.until(/catalog SELECT shop\.products/);
  });

  test('the same span 12 times is one row, and all of them when asked for', async () => {
    const terminal = await explore('traces=5');
    terminal.send('\r');
    await terminal.until(/SELECT shop\.products +×12 .*Σ/);
    terminal.send('u');
    await terminal.until(/\/2[0-9] $|\/2[0-9]$/m);
  });

  test('only the spans of one service, with the way to them', async () => {
    const terminal = await explore('traces=5');
    terminal.send('\rfredis');
    terminal.send('\r');
    await terminal.until(/only “redis” \d+ of \d+ spans|nothing matches/);
    terminal.send('\x1b');
    terminal.send('/HGETALL\rX');
    await terminal.until(/only cart \d+ of \d+ spans/);
  });

  test('only slow traces: mark the right end of the histogram', async () => {
    const terminal = await explore('traces=40');
    terminal.send('c');
    await terminal.until(/█/);
    terminal.send('llLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLb');
    await terminal.until(/\d traces +\d+(?:\.\d+)?m?s to \d+(?:\.\d+)?m?s/);
  });

  test('two traces side by side', async () => {
    const terminal = await explore('traces=10');
    terminal.send('d');
    await terminal.until(/is A; press the key again on B/);
    terminal.send('jjd');
    await terminal.until(/\d slower +\d+ faster/);
    terminal.send('\x1b');
    await terminal.until(/10 traces/);
  });

  test('who calls the database, and the traces of that call', async () => {
    const terminal = await explore('traces=10', 'first=dependencies');
    await terminal.until(/postgresql\/shop/);
    terminal.send('jjjjjjj\r');
    await terminal.until(/traces +query \{ resource\.service\.name = /);
  });

  test('a span for the ticket, as Markdown on the clipboard', async () => {
    const terminal = await explore('traces=5');
    terminal.send('e\ree');
    await terminal.until(/✖ 3\/10/);
    terminal.send('y');
    await terminal.until(/span as Markdown/);
    terminal.send('markdown');
    await terminal.until(/copy markdown/);
    terminal.send('\r');
    await terminal.until(/copied \*\*/);
    const [, base64 = ''] = /\]52;c;([A-Za-z0-9+/=]+)/.exec(terminal.output) ?? [];
    expect(Buffer.from(base64, 'base64').toString()).toMatch(/\| status \| error: card issuer/);
  });

  test('a command whose key one has forgotten', async () => {
    const terminal = await explore('traces=5');
    terminal.send('\r');
    await terminal.until(/minimap/);
    terminal.send(':only critical\r');
    await terminal.until(/only the critical path/);
  });

  test('from the details of a span to all spans with the same value', async () => {
    const terminal = await explore('traces=5');
    terminal.send('\r');
    await terminal.until(/minimap/);
    terminal.send('/SELECT\r\r');
    await terminal.until(/db\.query\.text/);
    terminal.send('\r');
    await terminal.until(/only spans with db\.namespace = shop/);
    terminal.send('namespace\r');
    await terminal.until(/only “db\.namespace=shop” 12 of/);
  });
});

test('keys at 60 a second are all heard', async () => {
  const terminal = await explore('traces=0', 'large=5000');
  terminal.send('\r');
  await terminal.until(/ 1\/5,000/);
  for (let i = 0; i < 120; i++) {
    terminal.send('j');
    await new Promise((resolve) => setTimeout(resolve, 1000 / 60));
  }
  await terminal.until(/ 121\/5,000/);
});
