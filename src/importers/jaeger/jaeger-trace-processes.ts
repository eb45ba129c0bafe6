import type { SpanBatchBuilder } from '../../encoding/span-batch-builder.ts';
import type { AttributeValue } from '../../model/attributes.ts';
import type { Resource } from '../../model/span.ts';
import type { Place } from '../import-issue.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { badField, isJsonObject, quote, type Report } from '../read-field.ts';
import type { SharedObjects } from '../shared-objects.ts';
import type { ScannedMembers } from '../span-scanner.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { type ProcessResources, processResource } from './jaeger-process.ts';
import type { JaegerForm } from './jaeger-span.ts';

/** A process that spans refer to and that may come after them. */
interface ProcessSlot {
  /** What the process is, null before it is known. */
  known: Resource | null;
  /** Given to spans before, and filled when the process is read, so that waiting spans need not be touched again. */
  awaited: { readonly attributes: Map<string, AttributeValue>; readonly schemaUrl: string } | null;
  /** What rows before belong to in their batch, null when there are none. */
  rowSlot: number | null;
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
  readonly #resources: ProcessResources;
  readonly #slots = new Map<string, ProcessSlot>();
  /** For spans that neither name a process nor have one: the batch's. */
  #batch: ProcessSlot | null = null;
  #areRead = false;
  #areAwaited = false;

  constructor(
    form: JaegerForm,
    out: DecoderOutput,
    shared: SharedObjects<Resource>,
    resources: ProcessResources,
  ) {
    this.#form = form;
    this.#out = out;
    this.#shared = shared;
    this.#resources = resources;
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
      if (isJsonObject(process))
        this.#fill(this.#slotOf(id, at), this.#resources.of(process, report));
      else badField(report, 'process', process);
    }
  }

  /** The same for processes as they stand in the dump; false, with nothing done, when one of them has to be read in the ordinary way. */
  readTexts(processes: ScannedMembers['members'], at: Place): boolean {
    const found: [string, Resource][] = [];
    for (const [id, text] of processes) {
      const resource = this.#resources.ofText(text);
      if (resource === null) return false;
      found.push([id, resource]);
    }
    this.#areRead = true;
    for (const [id, resource] of found) this.#fill(this.#slotOf(id, at), resource);
    return true;
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
    return awaitedResource(this.#batch);
  }

  /** Fills what is still awaited at the end of the trace, or reports it. */
  settle(batchProcess: JsonValue | undefined): void {
    if (this.#batch !== null && isJsonObject(batchProcess)) {
      const report = this.#reportAt(this.#batch.firstAt);
      this.#fill(this.#batch, this.#resources.of(batchProcess, report));
    }
    for (const [id, slot] of this.#slots) {
      if (slot.known !== null) continue;
      const report = this.#reportAt(slot.firstAt);
      if (slot.inline !== null) this.#fill(slot, this.#resources.of(slot.inline, report));
      else for (let n = 0; n < slot.awaitedBy; n += 1) report('unknown-process', quote(id));
    }
  }

  #resourceById(id: string, inline: JsonObject | null, at: Place): Resource {
    const slot = this.#slotOf(id, at);
    if (slot.known !== null) return slot.known;
    if (this.#areRead && inline !== null)
      return processResource(inline, this.#shared, this.#form, this.#reportAt(at));
    slot.awaitedBy += 1;
    slot.inline ??= inline;
    if (!this.#areRead) this.#areAwaited = true;
    return awaitedResource(slot);
  }

  /**
   * Slot in `batch` of the resource of a row whose span names process `id` and is at the place that `placeOf` gives. The batch may be
   * closed when `fillRows` was called.
   */
  rowSlot(id: string, placeOf: () => Place, batch: SpanBatchBuilder): number {
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      slot = newSlot(placeOf());
      this.#slots.set(id, slot);
    }
    if (slot.known !== null) return batch.resources.slotOf(slot.known);
    slot.awaitedBy += 1;
    if (this.#areRead) return batch.resources.slotOf(awaitedResource(slot));
    this.#areAwaited = true;
    slot.rowSlot ??= batch.resources.reserve();
    return slot.rowSlot;
  }

  /** Gives the rows that waited their resources, after `settle`. */
  fillRows(batch: SpanBatchBuilder): void {
    for (const slot of this.#slots.values()) {
      if (slot.rowSlot === null) continue;
      batch.resources.fill(slot.rowSlot, slot.known ?? awaitedResource(slot));
      slot.rowSlot = null;
    }
  }

  #slotOf(id: string, at: Place): ProcessSlot {
    const known = this.#slots.get(id);
    if (known !== undefined) return known;
    const slot = newSlot(at);
    this.#slots.set(id, slot);
    return slot;
  }

  #fill(slot: ProcessSlot, resource: Resource): void {
    const { known, awaited } = slot;
    slot.known = known === null ? resource : joined(known, resource);
    if (awaited === null) return;
    for (const [key, value] of resource.attributes) awaited.attributes.set(key, value);
  }

  #reportAt(at: Place): Report {
    return (code, example) => this.#out.issue(code, at, example);
  }
}

function newSlot(firstAt: Place): ProcessSlot {
  return { known: null, awaited: null, rowSlot: null, inline: null, awaitedBy: 0, firstAt };
}

function awaitedResource(slot: ProcessSlot): Resource {
  slot.awaited ??= { attributes: new Map<string, AttributeValue>(), schemaUrl: '' };
  return slot.awaited;
}

/** A process that is described twice. */
function joined(first: Resource, second: Resource): Resource {
  return { attributes: new Map([...first.attributes, ...second.attributes]), schemaUrl: '' };
}
