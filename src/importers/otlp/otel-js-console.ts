import type { Resource } from '../../model/span.ts';
import { ByteQueue } from '../bytes/byte-queue.ts';
import type { IssueCode, Place } from '../import-issue.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import { either, type JsonValue, list, value } from '../json/json-shape.ts';
import { objectNotationDecoder } from '../json/object-notation-decoder.ts';
import { isJsonObject, quote } from '../read-field.ts';
import { sampleObjects } from '../sample-objects.ts';
import { SharedObjects } from '../shared-objects.ts';
import type { Decoder, DecoderOutput, DumpHead, TraceFormat } from '../trace-format.ts';
import { isConsoleSpan, isOtherSignal, readConsoleSpan } from './otel-js-span.ts';

const NAME = 'otel-js-console';

/** A span as `console.dir` prints it has these on lines of their own, in the notation of Node.js, Deno or Bun. */
const PRINTED_TRACE_ID = /^ {2}traceId: ['"`][0-9a-f]{32}['"`],\r?$/m;
const PRINTED_SPAN_ID = /^ {2}id: ['"`][0-9a-f]{16}['"`],\r?$/m;

/** The first character of the first object of a dump. */
const FIRST_CHARACTER = /^[^\S\n]*(?:\[\s*)?\{\s*(\S)/m;

/** No program prints more than this before its first span, or else it is read as JSON. */
const MAX_PREAMBLE_BYTES = 1024 * 1024;

/**
 * What the JavaScript SDK's ConsoleSpanExporter prints: objects in JavaScript's notation, among anything else that the program
 * prints. Some loggers make JSON of them.
 */
export const otelJsConsole: TraceFormat = {
  name: NAME,
  title: 'OpenTelemetry JS console (ConsoleSpanExporter)',
  whyNot,
  decode,
};

function whyNot(head: DumpHead): string | null {
  if (sampleObjects(head).some(isConsoleSpan)) return null;
  const { buffer, byteOffset, length } = head.bytes;
  const text = Buffer.from(buffer, byteOffset, length).toString('utf8');
  const isPrinted = PRINTED_TRACE_ID.test(text) && PRINTED_SPAN_ID.test(text);
  return isPrinted ? null : 'no span with "traceId", "id" and "attributes"';
}

/** Waits for the first object to tell JSON from JavaScript's notation. */
function decode(out: DecoderOutput): Decoder {
  const waiting = new ByteQueue();
  let chosen: Decoder | null = null;
  const choose = (isJson: boolean): Decoder => {
    const decoder = isJson ? jsonForm(out) : notationForm(out);
    decoder.push(waiting.peek(waiting.length));
    return decoder;
  };
  return {
    push(chunk) {
      if (chosen !== null) {
        chosen.push(chunk);
        return;
      }
      waiting.push(chunk);
      const text = waiting.peek(waiting.length).toString('latin1');
      const [, character] = FIRST_CHARACTER.exec(text) ?? [];
      if (character !== undefined) chosen = choose(character === '"' || character === '}');
      else if (text.length > MAX_PREAMBLE_BYTES) chosen = choose(true);
    },
    end() {
      chosen ??= choose(true);
      chosen.end();
    },
  };
}

function jsonForm(out: DecoderOutput): Decoder {
  const span = value(spanReader(out));
  return jsonDecoder(
    either(
      () => span,
      () => list(span),
    ),
    out,
  );
}

function notationForm(out: DecoderOutput): Decoder {
  return objectNotationDecoder(spanReader(out), out);
}

function spanReader(out: DecoderOutput): (record: JsonValue, at: Place) => void {
  const resources = new SharedObjects<Resource>();
  return (record, at) => {
    const report = (code: IssueCode, example: string): void => out.issue(code, at, example);
    if (isJsonObject(record) && isOtherSignal(record)) {
      report('other-signal', 'what the exporter of logs or metrics printed');
      return;
    }
    out.record();
    if (!isJsonObject(record) || !isConsoleSpan(record)) {
      report('unrecognised-record', quote(record));
      return;
    }
    const span = readConsoleSpan(NAME, record, resources, report);
    if (span !== null) out.span(span);
  };
}
