import { ByteQueue } from '../bytes/byte-queue.ts';
import type { Decoder, DecoderOutput, DumpHead, TraceFormat } from '../trace-format.ts';
import { sniffSignal } from './otlp-protobuf-signal.ts';
import { firstMessage, TracesReader } from './otlp-protobuf-stream.ts';

const NAME = 'otlp-protobuf';

/**
 * OTLP as protobuf: a TracesData or ExportTraceServiceRequest as it goes over the wire, several of them concatenated, or what the
 * OpenTelemetry Collector's file exporter writes with `format: proto`.
 */
export const otlpProtobuf: TraceFormat = {
  name: NAME,
  title: 'OTLP protobuf (export requests, OpenTelemetry Collector file exporter)',
  whyNot,
  decode,
};

function whyNot(head: DumpHead): string | null {
  if (head.values.length > 0) return 'text, not protobuf';
  const { buffer, byteOffset, length } = head.bytes;
  const signal = sniffSignal(firstMessage(Buffer.from(buffer, byteOffset, length)));
  if (signal === null) return 'not a protobuf message with ResourceSpans';
  return signal === 'logs' || signal === 'metrics' ? `OTLP ${signal}, not traces` : null;
}

function decode(out: DecoderOutput): Decoder {
  const queue = new ByteQueue();
  const reading = new TracesReader(NAME, queue, out).read();
  return {
    push(chunk) {
      queue.push(chunk);
      reading.next();
    },
    end() {
      queue.end();
      reading.next();
    },
  };
}
