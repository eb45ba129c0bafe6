/** Texts that do something to a terminal, a reader or a program that takes them as they are, by what they do. */
export const ATTACKS: Readonly<Record<string, string>> = {
  colours: 'a\x1b[31mb',
  'clipboard (OSC 52)': 'a\x1b]52;c;ZXZpbA==\x07b',
  'clipboard, unterminated': 'a\x1b]52;c;ZXZp',
  title: 'a\x1b]0;pwned\x07b',
  'link (OSC 8)': 'a\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\b',
  'device control': 'a\x1bP+q544e\x1b\\b',
  'application command': 'a\x1b_Gi=1;AAAA\x1b\\b',
  reset: 'a\x1bcb',
  'character set': 'a\x1b(0qqq',
  'a query that types an answer': 'a\x1b[6n\x1b[21tb',
  'alternate screen': 'a\x1b[?1049lb',
  'a place on the screen': 'a\x1b[1;1Hb\x1b[2Jc',
  'C1 CSI': 'a\x9b2Jb',
  'C1 OSC': 'a\x9d0;x\x9cb',
  'C1 device control': 'a\x90+q544e\x9cb',
  'a sequence that stripping would form': 'a\x1b\x1b[31m[2Jb',
  'carriage return': 'good\rEVIL',
  backspaces: 'good\b\b\b\bEVIL',
  bell: 'a\x07b',
  'line break': 'a\nb',
  tab: 'a\tb',
  'vertical tab and form feed': 'a\x0bb\x0cc',
  'shift out': 'a\x0eqqq\x0fb',
  nul: 'a\0b',
  del: 'a\x7fb',
  'right to left': 'a\u202egpj.exe',
  isolate: 'a\u2066x\u2069',
  'zero width': 'ad\u200bmin',
  'tag characters': 'a\u{e0041}\u{e0042}b',
  'line separator': 'a\u2028b',
  'next line': 'a\x85b',
  zalgo: `z${'\u0316'.repeat(30)}`,
  'lone surrogate': 'a\ud800b',
  formula: '=cmd|"/c calc"!A1',
  'formula after a separator': 'a;=1+1\t@SUM(1)',
  'annotation of a pipeline': '::error title=x::y%0A\n::set-output name=a::b',
  markup: '<img src=x onerror=alert(1)>|`a`|[x](http://evil) @everyone ]]> <!--',
};

/**
 * What must not be in text for a terminal: controls, what turns or hides text, tags, halves of characters, towers of marks. Line breaks
 * and escape sequences of our own are taken out before it is asked.
 */
export const DANGEROUS =
  /\p{Cc}|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]|\p{Cs}|\p{M}{5,}/u;
