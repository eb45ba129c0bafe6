import type { Resource } from '../../model/span.ts';
import type { Place } from '../import-issue.ts';
import type { JsonValue } from '../json/json-shape.ts';
import { isJsonObject, quote, type Report } from '../read-field.ts';
import { SharedObjects } from '../shared-objects.ts';
import { NO_RESOURCE } from '../span-builder.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { processResource } from './jaeger-process.ts';
import { type JaegerForm, readJaegerSpan } from './jaeger-span.ts';

/** Reads spans that stand alone: their process is inline, or nowhere. Equal processes share one resource. */
export class InlineSpanReader {
  readonly #form: JaegerForm;
  readonly #out: DecoderOutput;
  readonly #resources = new SharedObjects<Resource>();

  constructor(form: JaegerForm, out: DecoderOutput) {
    this.#form = form;
    this.#out = out;
  }

  /** Hands over the span that `record` is. */
  read(record: JsonValue, at: Place): void {
    this.#out.record();
    if (!isJsonObject(record)) {
      this.#out.issue('unrecognised-record', at, quote(record));
      return;
    }
    const report: Report = (code, example) => this.#out.issue(code, at, example);
    const process = field(record, FIELD.process);
    const resource = isJsonObject(process)
      ? processResource(process, this.#resources, this.#form, report)
      : NO_RESOURCE;
    const span = readJaegerSpan(record, resource, this.#form, report);
    if (span !== null) this.#out.span(span);
  }
}
