/** The faults of claims, as a compiler prints them: an editor jumps to the place, a person reads what to do. */
import type { Colors } from 'picocolors/types.js';
import type { Fault } from '../../claims/validation/validate.js';

export function faultLines(faults: readonly Fault[], colour: Colors): string[] {
  return faults.flatMap(({ file, line, column, claim, field, message, advice }) => {
    const where = [claim, field].filter((part) => part !== '').join(' ');
    const said = [where, message].filter((part) => part !== '').join(': ');
    return [
      `${colour.bold(`${file}:${line}:${column}`)}: ${said}`,
      ...(advice === undefined ? [] : [`  try: ${advice}`]),
    ];
  });
}
