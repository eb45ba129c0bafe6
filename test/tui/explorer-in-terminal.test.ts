import process from 'node:process';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleScript } from '../helpers/bundle-script.ts';
import { type PtyOptions, PtyTerminal } from '../helpers/pty-terminal.ts';

const RESTORED = { alternate: false, mouse: 'none', paste: false, wrap: true };
const ENTERED = { alternate: true, mouse: 'drag', paste: true, wrap: false };

let script = '';
const open: PtyTerminal[] = [];

beforeAll(async () => {
  script = await bundleScript('test/bench/explore-shop.ts');
});

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

async function explore(args: readonly string[] = ['traces=30'], options: PtyOptions = {}) {
  const terminal = new PtyTerminal(process.execPath, [script, ...args], options);
  open.push(terminal);
  await terminal.until(/q quit/);
  return terminal;
}

describe('keys', () => {
  test('from the list to a stack trace and back', async () => {
    const terminal = await explore();
    expect(terminal.screen.modes()).toEqual(ENTERED);
    terminal.send('e');
    await terminal.until(/only with errors/);
    terminal.send('\r');
    await terminal.until(/✖ 10 errors/);
    terminal.send('ee');
    await terminal.until(/✖ 3\/10/);
    terminal.send('\r');
    await terminal.until(/PaymentDeclined/);
    terminal.send('\x1b');
    await terminal.until(/critical path/);
    terminal.send('\x1b');
    await terminal.until(/only with errors/);
    terminal.send('q');
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen.modes()).toEqual(RESTORED);
  });

  test('a burst of keys in one chunk loses none', async () => {
    const terminal = await explore();
    terminal.send('jjjjjjjjjj');
    await terminal.until(/ 11\/30$/m);
  });

  test('a filter is applied when the typing pauses', async () => {
    const terminal = await explore();
    terminal.send('/mail');
    await terminal.until(/10 traces {2}filter “mail”/);
    terminal.send('\x1b');
    await terminal.until(/30 traces/);
  });

  test('Y copies the trace id to the clipboard of the terminal and says so', async () => {
    const terminal = await explore();
    terminal.send('Y');
    await terminal.until(/copied trace id ([0-9a-f]{32})/);
    const id = /copied trace id ([0-9a-f]{32})/.exec(terminal.screen.text())?.[1] ?? '';
    // OSC 52 with the id in base64.
    const sequence = `\x1b]52;c;${Buffer.from(id).toString('base64')}\x07`;
    await expect.poll(() => terminal.output).toContain(sequence);
  });

  test('the services come from all traces', async () => {
    const terminal = await explore();
    terminal.send('4');
    await terminal.until(/redis\/redis-cart database/);
  });
});

describe('a trace that takes a while to read', () => {
  test('keys that were typed ahead are meant for it', async () => {
    const terminal = await explore(['traces=30', 'slow=300']);
    terminal.send('e\ree');
    await terminal.until(/reading the trace/);
    await terminal.until(/✖ 3\/10/);
  });

  test('Esc leaves it, and it can be opened again', async () => {
    const terminal = await explore(['traces=30', 'slow=600000']);
    terminal.send('\rjjj');
    await terminal.until(/1 of 2 steps/);
    terminal.send('\x1b');
    await terminal.until(/1\/30$/m);
    terminal.send('\r');
    await terminal.until(/1 of 2 steps/);
    terminal.send('q');
    expect(await terminal.exit()).toBe(0);
  });
});

describe('mouse', () => {
  const press = (x: number, y: number) => `\x1b[<0;${x};${y}M\x1b[<0;${x};${y}m`;

  test('a click selects, a double click opens, the wheel scrolls', async () => {
    const terminal = await explore(['traces=200']);
    terminal.send(press(20, 8));
    await terminal.until(/ 5\/200$/m);
    terminal.send('\x1b[<65;20;8M'.repeat(4));
    await terminal.until(/ 13\/200$/m);
    terminal.send(press(20, 10) + press(20, 10));
    await terminal.until(/service and operation +duration/);
  });

  test('a click on the head of a column sorts by it', async () => {
    const terminal = await explore();
    const at = terminal.screen.find('duration');
    terminal.send(press((at?.x ?? 0) + 2, (at?.y ?? 0) + 1));
    await terminal.until(/▼duration/);
  });
});

describe('size', () => {
  test('every size from wide to too small and back', async () => {
    const terminal = await explore();
    terminal.send('\r');
    await terminal.until(/service and operation +duration/);
    for (const [columns, rows] of [
      [140, 40],
      [60, 15],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await expect
        .poll(() => terminal.screen.lines().at(-1), { timeout: 10_000 })
        .toMatch(/Enter details.*q quit$/);
    }
    terminal.resize(40, 10);
    await terminal.until(/needs 60×15/);
    terminal.resize(100, 30);
    await terminal.until(/Enter details/);
  });
});

describe('every way out leaves the terminal as it was', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s', async (signal, code) => {
    const terminal = await explore();
    process.kill(terminal.pid, signal);
    expect(await terminal.exit()).toBe(code);
    expect(terminal.screen.modes()).toEqual(RESTORED);
  });

  test('ctrl-c', async () => {
    const terminal = await explore();
    terminal.send('\x03');
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen.modes()).toEqual(RESTORED);
  });

  test('an error of ours, which is then printed on the normal screen', async () => {
    const terminal = new PtyTerminal(process.execPath, [script, 'fail=countTraces']);
    open.push(terminal);
    expect(await terminal.exit()).not.toBe(0);
    expect(terminal.screen.modes()).toEqual(RESTORED);
    expect(terminal.screen.text()).toContain('a bug in the source');
  });

  test('an error of the data stays on its screen, and one can go on', async () => {
    const terminal = await explore(['traces=30', 'fail=readTrace']);
    terminal.send('\r');
    await terminal.until(/✖ the store is damaged[\s\S]*page 12[\s\S]*try: tracecli store check/);
    terminal.send('\x1b');
    await terminal.until(/30 traces/);
  });
});

test('ctrl-z gives the terminal to the shell, fg takes it back', async () => {
  const terminal = new PtyTerminal('bash', ['--norc', '--noprofile', '-i']);
  open.push(terminal);
  terminal.send(`PS1='shell> '; ${process.execPath} ${script} traces=30\r`);
  await terminal.until(/q quit/);
  terminal.send('jj');
  await terminal.until(/ 3\/30$/m);
  terminal.send('\x1a');
  await terminal.until(/Stopped[\s\S]*shell>/);
  expect(terminal.screen.modes()).toMatchObject({ alternate: false, mouse: 'none' });
  terminal.resize(90, 20);
  terminal.send('fg\r');
  await terminal.until(/ 3\/30$/m);
  expect(terminal.screen.modes()).toEqual(ENTERED);
  expect(terminal.screen.lines()).toHaveLength(20);
  terminal.send('jq');
  await terminal.until(/shell> fg[\s\S]*shell>\s*$/);
  expect(terminal.screen.modes()).toMatchObject({ alternate: false, mouse: 'none' });
  terminal.send('exit\r');
  await terminal.exit();
});

test('nothing is written while nothing happens', async () => {
  const terminal = await explore();
  const before = terminal.output.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(terminal.output.length).toBe(before);
});

test('one key costs few bytes', async () => {
  const terminal = await explore(['traces=0', 'large=5000'], { columns: 200, rows: 50 });
  terminal.send('\r');
  await terminal.until(/ 1\/5,000$/m);
  const before = terminal.output.length;
  terminal.send('j');
  await terminal.until(/ 2\/5,000$/m);
  expect(terminal.output.length - before).toBeLessThan(2000);
});
