import type { AttributeValue } from '../../model/attributes.ts';
import type { StatusCode } from '../../model/span.ts';
import { type Tags, takeString } from '../otlp/otel-tags.ts';

/**
 * The outcome: `error` when tag `error` is anything that Jaeger's UI takes for true, whatever `otel.status_code` says, else
 * what `otel.status_code` says (OK or ERROR in any case). Tags that are wholly said by the outcome are taken out; a class of
 * errors (`error=ClientSideError`), a false `error` and an unknown code stay. HTTP statuses do not count.
 */
export function takeStatus(tags: Tags): { code: StatusCode; message: string } {
  const error = tags.get('error');
  const isError = isTruthy(error);
  const named = takeStatusCode(tags);
  const code = isError ? 'error' : named;
  if (code === 'unset') return { code, message: '' };
  const said = saysOnlyTrue(error);
  if (said) tags.delete('error');
  const description = takeString(tags, 'otel.status_description');
  if (description !== null || !isError) return { code, message: description ?? '' };
  return { code, message: typeof error === 'string' && !said ? error : httpMessage(tags) };
}

/** What counts as an error in Jaeger's UI: true, a number that is not 0, a string that is neither empty nor "false". */
function isTruthy(value: AttributeValue | undefined): boolean {
  if (typeof value === 'string') return value !== '' && value.toLowerCase() !== 'false';
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return value === true;
}

function saysOnlyTrue(value: AttributeValue | undefined): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function takeStatusCode(tags: Tags): StatusCode {
  const value = tags.get('otel.status_code');
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  if (name !== 'ok' && name !== 'error') return 'unset';
  tags.delete('otel.status_code');
  return name;
}

function httpMessage(tags: Tags): string {
  const message = tags.get('http.status_message');
  return typeof message === 'string' ? message : '';
}
