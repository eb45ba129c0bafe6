import { INTRINSICS } from './intrinsics.ts';
import type { Field } from './query.ts';

/** Whether an expression gives nanoseconds and is shown as a duration. What is reckoned from durations is a plain number. */
export function isDurationField(field: Field | null): boolean {
  if (field?.node === 'static') return field.value.type === 'duration';
  return field?.node === 'intrinsic' && INTRINSICS[field.name].type === 'duration';
}
