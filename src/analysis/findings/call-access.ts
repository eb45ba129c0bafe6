import { conceptText } from '../attribute-concepts.ts';
import type { Call } from './call-signature.ts';

/** Whether a call only asks for something or changes it; null when it does not tell. */
export type CallAccess = 'read' | 'write' | null;

const READS =
  /^\W*(?:select|get|head|options|show|find\w*|h?m?get\w*|hgetall|exists|scan|count|aggregate|query|search|lrange|smembers|zrange\w*)\b/i;
const WRITES =
  /^\W*(?:insert|update|delete|replace|merge|upsert|post|put|patch|create|drop|alter|truncate|h?m?set\w*|del|incr\w*|decr\w*|[lr]push|sadd|zadd|expire|save|write)\b/i;

/** By the first word of the statement, the method, or the call's name. */
export function accessOf({ text, raw, node }: Call): CallAccess {
  const operation = conceptText(node.span.attributes, 'databaseOperation');
  const words = [operation, raw, text].filter((word) => word !== null);
  for (const word of words) {
    if (WRITES.test(word)) return 'write';
    if (READS.test(word)) return 'read';
  }
  return null;
}
