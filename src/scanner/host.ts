/** What JavaScript does for the scanner. */

/**
 * The bytes at hand are not what the scanner knows: the span is left to the ordinary way. JavaScript throws, so this never returns,
 * and a `return` behind it is only there for the compiler.
 */
export declare function odd(): void;

/**
 * Writes the double that the JSON number or string between `from` and `to` means, as it stands in attributes, to `out`; gives its
 * length. For those whose shortest text takes more than copying digits.
 */
export declare function putDouble(from: usize, to: usize, out: usize): u32;
