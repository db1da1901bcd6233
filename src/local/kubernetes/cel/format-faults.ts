/** What can be told to be wrong with `'…'.format([…])` from the types of its values. */
import type { Checked } from './language/checker.js';
import { present, type Call, type Expression, type Fault } from './language/expression.js';
import { describeType, type Type } from './language/type.js';

const CLAUSE = /%(?:\.\d+)?([\s\S])/g;
const SHOWN = [
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'null',
  'string',
  'timestamp',
  'type',
  'uint',
];
const CLAUSES: Readonly<Record<string, readonly [kinds: readonly string[], why: string]>> = {
  d: [['int', 'uint'], 'decimal clause can only be used on integers'],
  f: [['double', 'string'], 'fixed-point clause can only be used on doubles'],
  e: [['double', 'string'], 'scientific clause can only be used on doubles'],
  b: [['int', 'uint', 'bool'], 'only integers and bools can be formatted as binary'],
  o: [['int', 'uint'], 'octal clause can only be used on integers'],
  x: [
    ['int', 'uint', 'string', 'bytes'],
    'only integers, byte buffers, and strings can be formatted as hex',
  ],
};
const STRING_WORDS =
  'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';

export function formatFaults({ at, name, target, args: [list] }: Call, checked: Checked): Fault[] {
  if (name !== 'format' || target?.kind !== 'literal' || list?.kind !== 'list') return [];
  const { value: template } = target;
  if (typeof template !== 'string') return [];
  let next = 0;
  for (const [, verb = ''] of template.matchAll(CLAUSE)) {
    if (verb === '%') continue;
    const item = list.items[next];
    if (item === undefined) return [{ at, why: `index ${next} out of range` }];
    next += 1;
    if (verb !== 's' && CLAUSES[verb.toLowerCase()] === undefined) {
      const why = `could not parse formatting clause: unrecognized formatting clause "${verb}"`;
      return [{ at, why }];
    }
    const why = clauseFault(verb, item, checked);
    if (why !== undefined) return [{ at: item.at, why: `error during formatting: ${why}` }];
  }
  return [];
}

function clauseFault(verb: string, item: Expression, checked: Checked): string | undefined {
  const type = present(checked.types.get(item));
  if (verb === 's') {
    const wrong = notShown(type);
    return wrong === undefined ? undefined : `${STRING_WORDS}, was given ${describeType(wrong)}`;
  }
  const [kinds = [], why = ''] = CLAUSES[verb.toLowerCase()] ?? [];
  if (type.kind === 'dyn' || kinds.includes(type.kind)) return undefined;
  return `${why}, was given ${describeType(type)}`;
}

/** The type itself or the one within it that cannot be written as text. */
function notShown(type: Type): Type | undefined {
  if (type.kind === 'list' || type.kind === 'map')
    return type.parameters.map(notShown).find((one) => one !== undefined);
  return type.kind === 'dyn' || SHOWN.includes(type.kind) ? undefined : type;
}
