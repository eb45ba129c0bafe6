import { decodeMouse, type MouseInput } from './mouse-input.ts';

/** A key by name (`j`, `G`, `enter`, `ctrl-d`, `shift-left`, `alt-x`); `text` is what it types, '' if nothing. */
export interface KeyInput {
  readonly kind: 'key';
  readonly key: string;
  readonly text: string;
}

export type TerminalInput =
  | KeyInput
  | MouseInput
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'focus'; readonly isFocused: boolean };

/** How long a lone ESC waits for the rest of a sequence; slow links split sequences. */
const ESCAPE_MS = 30;
/** Longer than any sequence that a terminal sends; beyond it the bytes are noise. */
const LONGEST_SEQUENCE = 4096;
const PASTE_END = '\x1b[201~';

const FINAL_KEYS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'clear',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift-tab',
};
const TILDE_KEYS: Readonly<Record<string, string>> = {
  '1': 'home',
  '2': 'insert',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
  '11': 'f1',
  '12': 'f2',
  '13': 'f3',
  '14': 'f4',
  '15': 'f5',
  '17': 'f6',
  '18': 'f7',
  '19': 'f8',
  '20': 'f9',
  '21': 'f10',
  '23': 'f11',
  '24': 'f12',
};
const NAMED_CODES: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  32: 'space',
  127: 'backspace',
};

/** What follows `ESC [`. */
const CSI = /^([<=>?]?)([0-9;:]*)([ -/]*)([@-~])/;
const CSI_BEGINNING = /^[<=>?]?[0-9;:]*[ -/]*$/;

/** One step of decoding: characters used (0: more are needed) and the input they are, if any. */
interface Step {
  readonly used: number;
  readonly input?: TerminalInput | undefined;
}

const NEED_MORE: Step = { used: 0 };

/**
 * The only reader of the terminal's input. All inputs of one chunk are handed over at once, so that a burst of keys becomes one
 * frame and none is lost. Answers to queries are recognised and dropped.
 */
export class InputDecoder {
  readonly #emit: (inputs: readonly TerminalInput[]) => void;
  #pending = '';
  #pasted: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(emit: (inputs: readonly TerminalInput[]) => void) {
    this.#emit = emit;
  }

  push(chunk: string): void {
    clearTimeout(this.#timer);
    this.#pending += chunk;
    const inputs: TerminalInput[] = [];
    while (this.#pending !== '') {
      const { used, input } = this.#pasted === null ? decodeOne(this.#pending) : this.#paste();
      if (used === 0) break;
      this.#pending = this.#pending.slice(used);
      if (input?.kind === 'paste' && this.#pasted === null) this.#pasted = '';
      else if (input) {
        inputs.push(input);
        this.#pasted = null;
      }
    }
    if (this.#pending !== '' && this.#pasted === null) {
      this.#timer = setTimeout(() => this.#flush(), ESCAPE_MS);
    }
    if (inputs.length > 0) this.#emit(inputs);
  }

  /** Forgets what is pending and its timer. */
  close(): void {
    clearTimeout(this.#timer);
    this.#pending = '';
  }

  /** Nothing followed in time: an ESC was the key, and what came after it was typed. */
  #flush(): void {
    const characters = Array.from(this.#pending);
    this.#pending = '';
    this.#emit(characters.map((character) => keyOf(character)));
  }

  #paste(): Step {
    const end = this.#pending.indexOf(PASTE_END);
    if (end >= 0) {
      const text = (this.#pasted ?? '') + this.#pending.slice(0, end);
      return { used: end + PASTE_END.length, input: { kind: 'paste', text } };
    }
    const kept = Math.min(PASTE_END.length - 1, this.#pending.length);
    this.#pasted += this.#pending.slice(0, this.#pending.length - kept);
    this.#pending = this.#pending.slice(-kept);
    return NEED_MORE;
  }
}

function decodeOne(pending: string): Step {
  if (pending[0] !== '\x1b') {
    const character = firstCharacter(pending, 0);
    return { used: character.length, input: keyOf(character) };
  }
  switch (pending[1]) {
    case undefined:
      return NEED_MORE;
    case '[':
      return decodeCsi(pending);
    case 'O':
      return pending.length < 3
        ? NEED_MORE
        : { used: 3, input: key(FINAL_KEYS[pending[2] ?? ''] ?? 'unknown') };
    case ']':
    case 'P':
    case '_':
    case '^':
      return skipString(pending);
    // Alt and a key comes as ESC and the key, and so does the key pressed soon after Esc. No key needs alt here.
    default:
      return { used: 1, input: key('escape') };
  }
}

function decodeCsi(pending: string): Step {
  if (pending[2] === 'M') return decodeX10Mouse(pending);
  const rest = pending.slice(2, LONGEST_SEQUENCE);
  const match = CSI.exec(rest);
  if (!match) {
    const isWhole = !CSI_BEGINNING.test(rest) || pending.length > LONGEST_SEQUENCE;
    return isWhole ? { used: 1, input: key('escape') } : NEED_MORE;
  }
  const [all, prefix = '', parameters = '', intermediate = '', final = ''] = match;
  return {
    used: 2 + all.length,
    input: csiInput(prefix, parameters.split(';'), intermediate, final),
  };
}

function csiInput(
  prefix: string,
  parameters: readonly string[],
  intermediate: string,
  final: string,
): TerminalInput | undefined {
  const [first = '', second = ''] = parameters;
  if (prefix === '<' && (final === 'M' || final === 'm')) {
    return decodeMouse(Number(first), Number(second), Number(parameters[2]), final === 'm');
  }
  if (prefix !== '' || intermediate !== '') return undefined;
  if (final === '~' && first === '200') return { kind: 'paste', text: '' };
  if ((final === 'I' || final === 'O') && first === '') {
    return { kind: 'focus', isFocused: final === 'I' };
  }
  if (final === 'u') return kittyKey(first, second);
  const name = final === '~' ? TILDE_KEYS[first] : FINAL_KEYS[final];
  return name === undefined ? undefined : key(modifiers(second) + name);
}

/** The kitty keyboard protocol's `CSI code ; modifiers : event u`. Releases are left out. */
function kittyKey(codes: string, modifier: string): KeyInput | undefined {
  if (modifier.split(':')[1] === '3') return undefined;
  const code = Number.parseInt(codes, 10) || 0;
  const prefix = modifiers(modifier);
  const named = NAMED_CODES[code];
  if (named !== undefined) return key(prefix + named);
  if (code < 32 || code > 0x10ffff || isFunctionKey(code)) return undefined;
  const character = String.fromCodePoint(code);
  if (prefix === '') return keyOf(character);
  return prefix === 'shift-' ? keyOf(character.toUpperCase()) : key(prefix + character);
}

/** The kitty protocol numbers keys that type nothing (media, modifiers, the key pad) in the private use area. */
function isFunctionKey(code: number): boolean {
  return code >= 0xe000 && code <= 0xf8ff;
}

/** `ESC[1;2C` and the like: one plus a bit each for shift, alt and control. */
function modifiers(parameter: string): string {
  const bits = Math.max(0, (Number.parseInt(parameter, 10) || 1) - 1);
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}`;
}

/** The older mouse report, three bytes offset by 32. */
function decodeX10Mouse(pending: string): Step {
  if (pending.length < 6) return NEED_MORE;
  const [button, x, y] = [3, 4, 5].map((at) => pending.charCodeAt(at) - 32);
  const input = decodeMouse(button ?? 0, x ?? 0, y ?? 0, ((button ?? 0) & 3) === 3);
  return { used: 6, input };
}

/** An OSC, DCS, APC or PM string: an answer to some query, of no use here. */
function skipString(pending: string): Step {
  const ends = ['\x07', '\x1b\\'].flatMap((end) => {
    const at = pending.indexOf(end, 2);
    return at < 0 ? [] : [at + end.length];
  });
  if (ends.length > 0) return { used: Math.min(...ends) };
  return pending.length > LONGEST_SEQUENCE ? { used: pending.length } : NEED_MORE;
}

function firstCharacter(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function key(name: string): KeyInput {
  return { kind: 'key', key: name, text: '' };
}

function keyOf(character: string): KeyInput {
  const code = character.codePointAt(0) ?? 0;
  if (code === 32) return { kind: 'key', key: 'space', text: ' ' };
  const named = NAMED_CODES[code];
  if (named !== undefined) return key(named);
  if (code < 32) return key(`ctrl-${String.fromCharCode(code + 96)}`);
  return { kind: 'key', key: character, text: character };
}
