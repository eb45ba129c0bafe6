/** The exit code that a kind of failure ends with; the command line documents them. */
export type FailureKind = 'usage' | 'input';

/**
 * A failure that the user can mend: printed as what happened, where, and what to do, without a stack.
 * Everything else that is thrown is a bug of this program.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Lower case, no full stop, quoting the user's own text: `dump.json is not a trace dump I know`. */
  readonly what: string;
  /** Further lines: a place (file, line, byte) or the evidence. May be empty. */
  readonly where: readonly string[];
  /** One sentence or a command, null when nothing helps. */
  readonly fix: string | null;
  /** `usage`: found before any data is read; `input`: the data or the store. */
  readonly kind: FailureKind;

  constructor(
    kind: FailureKind,
    what: string,
    detail: { where?: readonly string[]; fix?: string; cause?: unknown } = {},
  ) {
    super(what, { cause: detail.cause });
    this.kind = kind;
    this.what = what;
    this.where = detail.where ?? [];
    this.fix = detail.fix ?? null;
  }
}
