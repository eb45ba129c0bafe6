/** Something the mouse did. Columns and rows count from 0 at the top left. */
export interface MouseInput {
  readonly kind: 'mouse';
  readonly action: 'down' | 'up' | 'drag' | 'move' | 'wheel-up' | 'wheel-down';
  readonly button: 'left' | 'middle' | 'right';
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly ctrl: boolean;
}

const BUTTONS = ['left', 'middle', 'right'] as const;
const SHIFT = 4;
const CTRL = 16;
const MOTION = 32;
const WHEEL = 64;

/** Decodes xterm's button code; `column` and `row` count from 1. Undefined for what no application needs (sideways wheels). */
export function decodeMouse(
  code: number,
  column: number,
  row: number,
  isRelease: boolean,
): MouseInput | undefined {
  const action = actionOf(code, isRelease);
  if (action === undefined || !(column > 0 && row > 0)) return undefined;
  return {
    kind: 'mouse',
    action,
    button: BUTTONS[code & 3] ?? 'left',
    x: column - 1,
    y: row - 1,
    shift: (code & SHIFT) !== 0,
    ctrl: (code & CTRL) !== 0,
  };
}

function actionOf(code: number, isRelease: boolean): MouseInput['action'] | undefined {
  if (code & WHEEL) return (['wheel-up', 'wheel-down'] as const)[code & 3];
  if (isRelease) return 'up';
  if (code & MOTION) return (code & 3) === 3 ? 'move' : 'drag';
  return 'down';
}
