import { EXIT } from './exit-code.ts';
import type { Output } from './io.ts';
import { run } from './run.ts';

function outputOf(stream: NodeJS.WriteStream): Output {
  // `tracecli … | head` closes the pipe early, which is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  return {
    write: (text) => void stream.write(text),
    isTty: stream.isTTY === true,
    columns: stream.isTTY ? stream.columns : null,
  };
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  stdinIsTty: process.stdin.isTTY === true,
  env: process.env,
});
