import type { Attributes } from '../../model/attributes.ts';
import { conceptText } from '../attribute-concepts.ts';

export interface UrlParts {
  /** Host and port; "" when unknown. */
  readonly host: string;
  readonly path: string;
  /** Without the question mark; "" when there is none. */
  readonly query: string;
  /** All of it, as far as it is known. */
  readonly full: string;
}

const URL_SHAPE = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;
const TARGET_SHAPE = /^([^?#]*)(?:\?([^#]*))?/;

/** Where a call over HTTP goes: its URL, or the parts that stand for one; null when it names neither URL nor path. */
export function urlParts(attributes: Attributes): UrlParts | null {
  const url = conceptText(attributes, 'url');
  const match = url === null ? null : URL_SHAPE.exec(url);
  if (url !== null && match !== null) {
    const [, host = '', path = '', query = ''] = match;
    return { host, path, query, full: url };
  }
  const target = url ?? conceptText(attributes, 'urlPath');
  if (target === null) return null;
  const host = conceptText(attributes, 'urlHost') ?? '';
  const [, path = '', ownQuery = ''] = TARGET_SHAPE.exec(target) ?? [];
  const query = ownQuery || (conceptText(attributes, 'urlQuery') ?? '');
  return { host, path, query, full: `${host}${path}${query === '' ? '' : `?${query}`}` };
}

const VARIABLE =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{10,}\b|(?<![\w.:-])\d+(?![\w.:-])/gi;

/** A path or a name with `*` for its variable parts: UUIDs, runs of ten or more hex digits, and numbers that stand alone. */
export function parameterisedPath(path: string): string {
  return path.replace(VARIABLE, '*');
}
