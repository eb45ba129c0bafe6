/** Shares of single traces are kept as whole billionths: samples of whole numbers are short as text. */
export const BILLION = 1e9;
