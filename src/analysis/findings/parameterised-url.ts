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

/** With or without a scheme: some clients record a bare host, some a path. */
const URL_SHAPE = /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/)?(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;

/** Where a call over HTTP goes: its URL, or the parts that stand for one; null when it names neither URL nor path. */
export function urlParts(attributes: Attributes): UrlParts | null {
  const target = conceptText(attributes, 'url') ?? conceptText(attributes, 'urlPath');
  if (target === null) return null;
  const [, ownHost = '', path = '', ownQuery = ''] = URL_SHAPE.exec(target) ?? [];
  const host = ownHost || (conceptText(attributes, 'urlHost') ?? '');
  const query = ownQuery || (conceptText(attributes, 'urlQuery') ?? '');
  return { host, path, query, full: `${host}${path}${query === '' ? '' : `?${query}`}` };
}

const VARIABLE =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{10,}\b|(?<![\w.:-])\d+(?![\w.:-])/gi;

/** A path or a name with `*` for its variable parts: UUIDs, runs of ten or more hex digits, and numbers that stand alone. */
export function parameterisedPath(path: string): string {
  return path.replace(VARIABLE, '*');
}
