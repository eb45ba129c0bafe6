import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InputDecoder, type TerminalInput } from '../../../src/tui/terminal/input-decoder.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The inputs of each call of the decoder's listener. */
function decode(...chunks: string[]): TerminalInput[][] {
  const calls: TerminalInput[][] = [];
  const decoder = new InputDecoder((inputs) => calls.push([...inputs]));
  for (const chunk of chunks) decoder.push(chunk);
  vi.runAllTimers();
  return calls;
}

function keysOf(...chunks: string[]): string[] {
  return decode(...chunks)
    .flat()
    .map((input) => (input.kind === 'key' ? input.key : input.kind));
}

describe('keys', () => {
  test.each([
    ['a letter', 'j', ['j']],
    ['a capital', 'G', ['G']],
    ['a burst in one chunk', 'jjj', ['j', 'j', 'j']],
    ['a letter of two code units', '𠮷', ['𠮷']],
    ['space', ' ', ['space']],
    ['enter', '\r', ['enter']],
    ['tab', '\t', ['tab']],
    ['shift-tab', '\x1b[Z', ['shift-tab']],
    ['backspace as DEL', '\x7f', ['backspace']],
    ['backspace as BS', '\b', ['backspace']],
    ['ctrl-d', '\x04', ['ctrl-d']],
    ['ctrl-z', '\x1a', ['ctrl-z']],
    ['an arrow', '\x1b[A', ['up']],
    ['an arrow in application mode', '\x1bOB', ['down']],
    ['an arrow with shift', '\x1b[1;2C', ['shift-right']],
    ['an arrow with ctrl and alt', '\x1b[1;7D', ['ctrl-alt-left']],
    ['page up', '\x1b[5~', ['pageup']],
    ['home of xterm, rxvt and vt220', '\x1b[H\x1b[7~\x1b[1~', ['home', 'home', 'home']],
    ['F1', '\x1bOP\x1b[11~', ['f1', 'f1']],
    ['escape alone', '\x1b', ['escape']],
    ['escape twice', '\x1b\x1b', ['escape', 'escape']],
    ['escape and a key soon after', '\x1bj', ['escape', 'j']],
    ['a kitty key', '\x1b[27u', ['escape']],
    ['a kitty letter with shift', '\x1b[103;2u', ['G']],
    ['a kitty letter with ctrl', '\x1b[100;5u', ['ctrl-d']],
    ['the release of a kitty key', '\x1b[106;1:3u', []],
    ['a kitty media key', '\x1b[57428u', []],
  ])('%s', (_, bytes, keys) => {
    expect(keysOf(bytes)).toEqual(keys);
  });

  test('a sequence in pieces is one key', () => {
    expect(keysOf('\x1b', '[', '1;', '2C')).toEqual(['shift-right']);
  });

  test('all keys of a chunk come in one call', () => {
    expect(decode('jk\x1b[Al')).toHaveLength(1);
  });

  test('what a key types is its text; a key without a letter types nothing', () => {
    const [inputs = []] = decode('x \x1b[A');
    expect(inputs.map((input) => (input.kind === 'key' ? input.text : null))).toEqual([
      'x',
      ' ',
      '',
    ]);
  });
});

describe('mouse', () => {
  test.each([
    ['press', '\x1b[<0;10;5M', { action: 'down', button: 'left', x: 9, y: 4 }],
    ['release', '\x1b[<0;10;5m', { action: 'up', button: 'left', x: 9, y: 4 }],
    ['right button', '\x1b[<2;1;1M', { action: 'down', button: 'right', x: 0, y: 0 }],
    ['drag', '\x1b[<32;3;4M', { action: 'drag', button: 'left', x: 2, y: 3 }],
    ['wheel up', '\x1b[<64;3;4M', { action: 'wheel-up', x: 2, y: 3 }],
    ['wheel down with ctrl', '\x1b[<81;3;4M', { action: 'wheel-down', ctrl: true, shift: false }],
    ['press in the old encoding', '\x1b[M !!', { action: 'down', x: 0, y: 0 }],
    ['column 250', '\x1b[<0;250;5M', { action: 'down', x: 249, y: 4 }],
  ])('%s', (_, bytes, expected) => {
    expect(decode(bytes).flat()).toMatchObject([{ kind: 'mouse', ...expected }]);
  });

  test.each([
    ['sideways wheel', '\x1b[<66;3;4M'],
    ['a place that is none', '\x1b[<0;0;0M'],
  ])('%s is nothing', (_, bytes) => {
    expect(decode(bytes)).toEqual([]);
  });
});

describe('paste', () => {
  test('is one input, whatever is in it', () => {
    const pasted = 'a\x1b[31mb\nq';
    expect(decode(`\x1b[200~${pasted}\x1b[201~j`).flat()).toEqual([
      { kind: 'paste', text: pasted },
      { kind: 'key', key: 'j', text: 'j' },
    ]);
  });

  test('may come in many chunks, cut anywhere', () => {
    const bytes = `\x1b[200~${'word '.repeat(50)}\x1b[201~`;
    for (let cut = 6; cut < bytes.length; cut += 7) {
      const chunks = [bytes.slice(0, cut), bytes.slice(cut, cut + 3), bytes.slice(cut + 3)];
      expect(decode(...chunks).flat()).toEqual([{ kind: 'paste', text: 'word '.repeat(50) }]);
    }
  });

  test('an empty one is an empty text', () => {
    expect(decode('\x1b[200~\x1b[201~').flat()).toEqual([{ kind: 'paste', text: '' }]);
  });
});

describe('answers of the terminal', () => {
  test.each([
    ['of a mode', '\x1b[?2026;2$y'],
    ['of the device', '\x1b[?62;22c'],
    ['of a colour', '\x1b]11;rgb:1c1c/1c1c/1c1c\x07'],
    ['of a colour, with ST', '\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\'],
    ['of a setting', '\x1bP1+r544e=787465726d\x1b\\'],
  ])('%s are no keys', (_, bytes) => {
    expect(keysOf(`${bytes}j`)).toEqual(['j']);
  });

  test('focus', () => {
    expect(decode('\x1b[I\x1b[O').flat()).toEqual([
      { kind: 'focus', isFocused: true },
      { kind: 'focus', isFocused: false },
    ]);
  });

  test('noise without end does not pile up', () => {
    const noise = `\x1b[${'1;'.repeat(5000)}`;
    expect(keysOf(noise, 'j').at(-1)).toBe('j');
    expect(keysOf(`\x1b]${'x'.repeat(5000)}`, 'j').at(-1)).toBe('j');
  });
});

test('every cut of a long input gives the same keys', () => {
  const bytes = 'jG\x1b[1;2C\x1b[<0;10;5M\x1b[5~ \x1bOA\x1b[200~p\x1b[201~é';
  const whole = decode(bytes).flat();
  expect(whole).toHaveLength(9);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(decode(bytes.slice(0, cut), bytes.slice(cut)).flat(), `cut at ${cut}`).toEqual(whole);
  }
});
