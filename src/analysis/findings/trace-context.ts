import { type Nanos, nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import { httpStatus } from '../attribute-concepts.ts';
import { type CriticalPath, criticalPath } from '../critical-path.ts';
import { selfTimes } from '../self-time.ts';
import { type TraceErrors, traceErrors } from '../trace-errors.ts';
import { attributeSigns, SIGN } from './attribute-signs.ts';
import { repeatedCalls } from './call-groups.ts';
import { type Call, Signatures } from './call-signature.ts';

/** One trace and what several rules ask about it, each worked out when it is first asked for. */
export class TraceContext {
  readonly trace: Trace;
  #path: CriticalPath | null;
  #errors: TraceErrors | null;
  #self: readonly Nanos[] | null = null;
  #onPath: Float64Array | null = null;
  #calls: readonly (readonly Call[])[] | null = null;
  #callByNode: readonly (Call | null)[] | null = null;
  readonly #repeated: (readonly (readonly Call[])[] | undefined)[] = [];
  readonly #signatures: Signatures;
  #failed: boolean | null = null;
  #signs: Uint16Array | null = null;
  #allSigns = 0;
  #httpStatuses: Int32Array | null = null;

  /** `path` and `errors` of the trace where they are at hand; `signatures` if it is kept for several traces. */
  constructor(
    trace: Trace,
    path: CriticalPath | null = null,
    errors: TraceErrors | null = null,
    signatures: Signatures = new Signatures(),
  ) {
    this.trace = trace;
    this.#path = path;
    this.#errors = errors;
    this.#signatures = signatures;
  }

  get path(): CriticalPath {
    this.#path ??= criticalPath(this.trace);
    return this.#path;
  }

  get errors(): TraceErrors {
    this.#errors ??= traceErrors(this.trace, { path: this.path });
    return this.#errors;
  }

  /** By `TraceNode.index`. */
  get selfTimes(): readonly Nanos[] {
    this.#self ??= selfTimes(this.trace);
    return this.#self;
  }

  /** Time of the critical path that the span or any span below it owns. */
  onPathNs({ index }: TraceNode): Nanos {
    this.#onPath ??= pathTimes(this.trace, this.path);
    return nanos(this.#onPath[index] ?? 0);
  }

  /** Whether a span has the status `error`. */
  get hasFailed(): boolean {
    this.#failed ??= this.trace.nodes.some(({ span }) => span.statusCode === 'error');
    return this.#failed;
  }

  /** What the attributes of a span may tell: bits of `SIGN`. */
  signsOf({ index }: TraceNode): number {
    return this.#signsOfAll()[index] ?? 0;
  }

  /** Whether the attributes of any span may tell it. */
  hasSign(sign: number): boolean {
    this.#signsOfAll();
    return (this.#allSigns & sign) !== 0;
  }

  #signsOfAll(): Uint16Array {
    if (this.#signs === null) {
      const { nodes } = this.trace;
      this.#signs = new Uint16Array(nodes.length);
      for (const { index, span } of nodes) {
        const signs = attributeSigns(span.attributes);
        this.#signs[index] = signs;
        this.#allSigns |= signs;
      }
    }
    return this.#signs;
  }

  /** The HTTP status of a span, −1 where there is none. */
  httpStatusOf(node: TraceNode): number {
    if ((this.signsOf(node) & SIGN.httpStatus) === 0) return NO_STATUS;
    this.#httpStatuses ??= new Int32Array(this.trace.nodes.length).fill(UNREAD);
    let status = this.#httpStatuses[node.index] ?? UNREAD;
    if (status === UNREAD) {
      status = httpStatus(node.span.attributes) ?? NO_STATUS;
      this.#httpStatuses[node.index] = status;
    }
    return status;
  }

  /** A span as the call that its parent makes; null when it is none. */
  callOf({ index }: TraceNode): Call | null {
    this.#callByNode ??= this.trace.nodes.map((node) => this.#signatures.callOf(node));
    return this.#callByNode[index] ?? null;
  }

  /** A span read as if it were a call, whoever its parent is. */
  asCall(node: TraceNode): Call {
    return this.#signatures.read(node);
  }

  /** The calls that a span makes itself: those of its children that are calls, in the order of their starts. */
  callsOf({ index }: TraceNode): readonly Call[] {
    this.#calls ??= this.trace.nodes.map(({ children }) => this.#callsAmong(children));
    return this.#calls[index] ?? NO_CALLS;
  }

  #callsAmong(children: readonly TraceNode[]): readonly Call[] {
    if (children.length === 0) return NO_CALLS;
    const calls: Call[] = [];
    for (const child of children) {
      const call = this.callOf(child);
      if (call !== null) calls.push(call);
    }
    return calls.length === 0 ? NO_CALLS : calls;
  }

  /** The calls that a span makes at least twice, by signature in the order of their first. */
  repeatedCallsOf(node: TraceNode): readonly (readonly Call[])[] {
    let repeated = this.#repeated[node.index];
    if (repeated === undefined) {
      repeated = repeatedCalls(this.callsOf(node));
      this.#repeated[node.index] = repeated;
    }
    return repeated;
  }
}

const NO_CALLS: readonly Call[] = [];
const NO_STATUS = -1;
const UNREAD = -2;

/** Inclusive times by index. Parents precede their children in `Trace.nodes`, so that one pass from the end does. */
function pathTimes({ nodes }: Trace, { sections }: CriticalPath): Float64Array {
  const times = new Float64Array(nodes.length);
  for (const { node, startNs, endNs } of sections) {
    if (node) times[node.index] = (times[node.index] ?? 0) + endNs - startNs;
  }
  for (const { index, parent } of nodes.toReversed()) {
    if (parent) times[parent.index] = (times[parent.index] ?? 0) + (times[index] ?? 0);
  }
  return times;
}
