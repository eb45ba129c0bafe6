import type { AttributeValue } from '../model/attributes.ts';
import type { Resource } from '../model/span.ts';
import type { Place } from './import-issue.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { addTagMap, addTags, type JaegerForm } from './jaeger-span.ts';
import type { JsonObject, JsonValue } from './json-shape.ts';
import { badField, isJsonObject, quote, type Report } from './read-field.ts';
import type { SharedObjects } from './shared-objects.ts';
import type { DecoderOutput } from './trace-format.ts';

/** What Jaeger's translators and sanitizers write where a process has no service name. */
const NO_SERVICE: ReadonlySet<string> = new Set([
  '',
  'OTLPResourceNoServiceName',
  'missing-service-name',
  'empty-service-name',
]);

/**
 * The attributes of a process: its service as `service.name`, then its tags. `hostname` is called `host.name` unless there is
 * one already.
 */
function processAttributes(
  process: JsonObject,
  form: JaegerForm,
  report: Report,
): Map<string, AttributeValue> {
  const tags = new Map<string, AttributeValue>();
  const name = field(process, FIELD.serviceName) ?? '';
  if (typeof name !== 'string') badField(report, 'serviceName', name);
  else if (!NO_SERVICE.has(name)) tags.set('service.name', name);
  addTags(field(process, FIELD.tags), tags, form, report);
  addTagMap(field(process, FIELD.tagMap), tags);
  if (!tags.has('hostname') || tags.has('host.name')) return tags;
  return new Map([...tags].map(([key, value]) => [key === 'hostname' ? 'host.name' : key, value]));
}

/** The resource of a process that is written out in a span; equal ones share one object. */
export function processResource(
  process: JsonObject,
  shared: SharedObjects<Resource>,
  form: JaegerForm,
  report: Report,
): Resource {
  return shared.of(process, () => ({
    attributes: processAttributes(process, form, report),
    schemaUrl: '',
  }));
}

/** A process that spans refer to and that may come after them. */
interface ProcessSlot {
  /** Given to the spans at once and filled when the process is read, so that waiting spans need not be touched again. */
  readonly attributes: Map<string, AttributeValue>;
  readonly resource: Resource;
  isKnown: boolean;
  /** The process as the first of the spans has it inline, for a trace that does not describe it. */
  inline: JsonObject | null;
  /** Where the spans are that refer to it while it is not known: how many, and the first. */
  awaitedBy: number;
  readonly firstAt: Place;
}

/** The processes of one trace, and which of its spans wait for them. */
export class TraceProcesses {
  readonly #form: JaegerForm;
  readonly #out: DecoderOutput;
  readonly #shared: SharedObjects<Resource>;
  readonly #slots = new Map<string, ProcessSlot>();
  /** For spans that neither name a process nor have one: the batch's. */
  #batch: ProcessSlot | null = null;
  #areRead = false;
  #areAwaited = false;

  constructor(form: JaegerForm, out: DecoderOutput, shared: SharedObjects<Resource>) {
    this.#form = form;
    this.#out = out;
    this.#shared = shared;
  }

  /** Whether `read` was called. */
  get areRead(): boolean {
    return this.#areRead;
  }

  /** Whether a span has a resource that is only filled later. */
  get areAwaited(): boolean {
    return this.#areAwaited;
  }

  /** The trace's `processes`: id → process. */
  read(processes: JsonValue, at: Place): void {
    this.#areRead = true;
    const report = this.#reportAt(at);
    if (!isJsonObject(processes)) {
      if (processes !== null) badField(report, 'processes', processes);
      return;
    }
    for (const [id, process] of Object.entries(processes)) {
      if (isJsonObject(process)) this.#fill(this.#slotOf(id, at), process, report);
      else badField(report, 'process', process);
    }
  }

  /** The resource of `span`; `batchProcess` is that of the object around it as far as it has been read. */
  resourceOf(span: JsonObject, batchProcess: JsonValue | undefined, at: Place): Resource {
    const id = field(span, FIELD.processId);
    const own = field(span, FIELD.process);
    const inline = isJsonObject(own) ? own : null;
    if (typeof id === 'string') return this.#resourceById(id, inline, at);
    const process = inline ?? batchProcess;
    if (isJsonObject(process))
      return processResource(process, this.#shared, this.#form, this.#reportAt(at));
    this.#batch ??= newSlot(at);
    this.#areAwaited = true;
    return this.#batch.resource;
  }

  /** Fills what is still awaited at the end of the trace, or reports it. */
  settle(batchProcess: JsonValue | undefined): void {
    if (this.#batch !== null && isJsonObject(batchProcess)) {
      this.#fill(this.#batch, batchProcess, this.#reportAt(this.#batch.firstAt));
    }
    for (const [id, slot] of this.#slots) {
      if (slot.isKnown) continue;
      const report = this.#reportAt(slot.firstAt);
      if (slot.inline !== null) this.#fill(slot, slot.inline, report);
      else for (let n = 0; n < slot.awaitedBy; n += 1) report('unknown-process', quote(id));
    }
  }

  #resourceById(id: string, inline: JsonObject | null, at: Place): Resource {
    const slot = this.#slotOf(id, at);
    if (slot.isKnown) return slot.resource;
    if (this.#areRead && inline !== null)
      return processResource(inline, this.#shared, this.#form, this.#reportAt(at));
    slot.awaitedBy += 1;
    slot.inline ??= inline;
    if (!this.#areRead) this.#areAwaited = true;
    return slot.resource;
  }

  #slotOf(id: string, at: Place): ProcessSlot {
    const known = this.#slots.get(id);
    if (known !== undefined) return known;
    const slot = newSlot(at);
    this.#slots.set(id, slot);
    return slot;
  }

  #fill(slot: ProcessSlot, process: JsonObject, report: Report): void {
    slot.isKnown = true;
    for (const [key, value] of processAttributes(process, this.#form, report)) {
      slot.attributes.set(key, value);
    }
  }

  #reportAt(at: Place): Report {
    return (code, example) => this.#out.issue(code, at, example);
  }
}

function newSlot(firstAt: Place): ProcessSlot {
  const attributes = new Map<string, AttributeValue>();
  const resource: Resource = { attributes, schemaUrl: '' };
  return { attributes, resource, isKnown: false, inline: null, awaitedBy: 0, firstAt };
}
