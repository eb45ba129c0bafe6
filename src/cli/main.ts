import { EXIT } from './exit-code.ts';
import type { Output } from './io.ts';
import { VERSION } from './version.ts';

function outputOf(stream: NodeJS.WriteStream): Output {
  // `tracecli … | head` closes the pipe early, which is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    process.exit(EXIT.input);
  });
  return {
    write: (text) => void stream.write(text),
    drained: async () => {
      if (stream.writableNeedDrain) await new Promise((resolve) => stream.once('drain', resolve));
    },
    isTty: stream.isTTY === true,
    columns: stream.isTTY ? stream.columns : null,
  };
}

const argv = process.argv.slice(2);
const stdout = outputOf(process.stdout);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Scripts ask for the version often; it needs nothing of what parsing a command line takes to load.
  stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import('./run.ts');
  const exitCode = await run(argv, {
    stdout,
    stderr: outputOf(process.stderr),
    stdinIsTty: process.stdin.isTTY === true,
    env: process.env,
  });
  // Whoever was interrupted does not wait for a pipe that has nothing to say.
  if (exitCode === EXIT.interrupted || exitCode === EXIT.terminated) process.exit(exitCode);
  process.exitCode = exitCode;
}
