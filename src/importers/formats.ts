import { jaegerApiV3 } from './jaeger-api-v3.ts';
import { jaegerCassandra } from './jaeger-cassandra.ts';
import { jaegerElasticsearch } from './jaeger-elasticsearch.ts';
import { jaegerJson } from './jaeger-json.ts';
import { jaegerModelJson } from './jaeger-model-json.ts';
import { jaegerThriftJson } from './jaeger-thrift-json.ts';
import { otelFlat } from './otel-flat.ts';
import { otelGoStdout } from './otel-go-stdout.ts';
import { otelJsConsole } from './otel-js-console.ts';
import { otlpJson } from './otlp-json.ts';
import { otlpProtobuf } from './otlp-protobuf.ts';
import { tempoJson } from './tempo-json.ts';
import type { TraceFormat } from './trace-format.ts';
import { zipkinV1 } from './zipkin-v1.ts';
import { zipkinV2 } from './zipkin-v2.ts';

/**
 * Every format that tracecli reads. Detection takes the first that does not say no, so the order matters: first the binary one,
 * then those told by the name of a container (`resourceSpans`, `batches`, `data`), last those told by the fields of a single record.
 */
export const FORMATS: readonly TraceFormat[] = [
  otlpProtobuf,
  otlpJson,
  tempoJson,
  jaegerApiV3,
  jaegerJson,
  jaegerModelJson,
  jaegerElasticsearch,
  jaegerThriftJson,
  jaegerCassandra,
  otelGoStdout,
  otelJsConsole,
  zipkinV2,
  zipkinV1,
  otelFlat,
];
