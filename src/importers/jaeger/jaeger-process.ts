import type { AttributeValue } from '../../model/attributes.ts';
import type { Resource } from '../../model/span.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { lookedThrough } from '../json/json-value-end.ts';
import { memberCount } from '../json/member-count.ts';
import { JsonSyntaxError, parseJson } from '../json/parse-json.ts';
import { badField, isJsonList, isJsonObject, type Report } from '../read-field.ts';
import type { SharedObjects } from '../shared-objects.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { addTagMap, addTags, type JaegerForm } from './jaeger-span.ts';

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

/** So many different processes are kept at a time. */
const MAX_PROCESSES = 4096;

/** The resources of processes that traces describe again and again. */
export class ProcessResources {
  readonly #form: JaegerForm;
  /** By text in the dump, null for what is not plain. */
  readonly #byText = new Map<string, Resource | null>();
  /** By JSON of the process, those about which there was nothing to report. */
  readonly #clean = new Map<string, Resource>();

  constructor(form: JaegerForm) {
    this.#form = form;
  }

  /** Of a process as it stands in the dump; null when there is something to report about it, or maybe. */
  ofText(text: string): Resource | null {
    let resource = this.#byText.get(text);
    if (resource === undefined) {
      resource = this.#parse(text);
      if (this.#byText.size >= MAX_PROCESSES) this.#byText.clear();
      this.#byText.set(text, resource);
    }
    return resource;
  }

  #parse(text: string): Resource | null {
    const process = parsedOrNull(text);
    if (!isJsonObject(process) || !isPlain(process) || !isSound(text, process)) return null;
    let isClean = true;
    const resource = this.of(process, () => {
      isClean = false;
    });
    return isClean ? resource : null;
  }

  of(process: JsonObject, report: Report): Resource {
    const text = jsonOf(process);
    const known = text === null ? undefined : this.#clean.get(text);
    if (known !== undefined) return known;
    let isClean = text !== null;
    const attributes = processAttributes(process, this.#form, (code, example) => {
      isClean = false;
      report(code, example);
    });
    const resource: Resource = { attributes, schemaUrl: '' };
    if (isClean && text !== null) {
      if (this.#clean.size >= MAX_PROCESSES) this.#clean.clear();
      this.#clean.set(text, resource);
    }
    return resource;
  }
}

/** Null for text that is not JSON. */
function parsedOrNull(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return null;
  }
}

/** Whether there is nothing to report about the text itself: a field that occurs twice, bytes that are not UTF-8. */
function isSound(text: string, process: JsonObject): boolean {
  return memberCount(process) === lookedThrough(text).members && !text.includes('\ufffd');
}

/** Whether nothing in a process is nested deeper than the fields of its tags. */
function isPlain(process: JsonObject): boolean {
  return Object.values(process).every(
    (value) =>
      isScalar(value) ||
      (isJsonList(value) &&
        value.every((tag) => isJsonObject(tag) && Object.values(tag).every(isScalar))),
  );
}

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}

/** Null for what has an integer past 2^53, which JSON.stringify refuses. */
function jsonOf(process: JsonObject): string | null {
  try {
    return JSON.stringify(process);
  } catch {
    return null;
  }
}
