import pty from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

/** What a program did to the terminal that it ran in. */
export interface Watched {
  readonly exitCode: number;
  /** All bytes that it wrote, as text. */
  readonly output: string;
  /** The rows of the screen at the end, without the blanks at their ends. */
  readonly rows: readonly string[];
  /** Titles set, clipboards written, links opened, bells rung, answers that the terminal typed. */
  readonly events: readonly string[];
}

interface WatchOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  /** What is typed, each after a moment of silence. */
  readonly keys?: readonly string[];
}

/** How long a program is silent before the next key is typed. */
const SILENCE_MS = 60;
/** No program that is watched takes longer; it is killed then, and its exit code is no success. */
const PATIENCE_MS = 50_000;

/** Runs a program in a pseudo terminal with an emulator that notes whatever is done to it beside printing text. */
export async function watch(
  file: string,
  args: readonly string[],
  { cwd, env, columns, rows, keys = [] }: WatchOptions,
): Promise<Watched> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const events = eventsOf(terminal);
  const child = pty.spawn(file, [...args], {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd,
    env: { ...env },
  });
  let output = '';
  let lastAt = performance.now();
  child.onData((data) => {
    output += data;
    lastAt = performance.now();
    terminal.write(data);
  });
  let exitCode: number | null = null;
  child.onExit((event) => {
    exitCode = event.exitCode;
  });
  const left = [...keys];
  const startedAt = performance.now();
  while (exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const isSilent = output !== '' && performance.now() - lastAt > SILENCE_MS;
    const key = isSilent ? left.shift() : undefined;
    if (key !== undefined) {
      child.write(key);
      lastAt = performance.now();
    }
    if (performance.now() - startedAt > PATIENCE_MS) child.kill('SIGKILL');
  }
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, y) => active.getLine(active.baseY + y));
  return {
    exitCode,
    output,
    rows: lines.map((line) => line?.translateToString(true).trimEnd() ?? ''),
    events,
  };
}

function eventsOf(terminal: InstanceType<typeof xterm.Terminal>): string[] {
  const events: string[] = [];
  terminal.onTitleChange((title) => events.push(`title ${title}`));
  terminal.onBell(() => events.push('bell'));
  terminal.onData((text) => events.push(`answer ${JSON.stringify(text)}`));
  for (const code of [0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 50, 52, 104, 777, 1337]) {
    terminal.parser.registerOscHandler(code, (data) => {
      events.push(`osc ${code} ${data}`);
      return false;
    });
  }
  for (const final of ['q', 'p', '|', 't']) {
    terminal.parser.registerDcsHandler({ final }, () => {
      events.push(`device control ${final}`);
      return false;
    });
  }
  return events;
}
