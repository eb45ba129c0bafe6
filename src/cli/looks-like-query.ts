/** Whether a word on the command line begins or is a query rather than the name of a file. */
export function looksLikeQuery(word: string): boolean {
  const text = word.trim();
  if (/^[({]/.test(text))
    return /[=<>~|&(]|\}\s*$|\s/.test(text) && !/^\{[^\s=<>]*,[^\s=<>]*\}/.test(text);
  return /^-?[\p{L}_.][\p{L}\p{N}_.:-]*(?:!?=~?|!~|[<>]=?)./u.test(text) || /^[<>]/.test(text);
}
