/** Literals of an expression that can be told to be wrong before it runs: patterns, times, lists of mixed types. */
import { compilePattern } from '../schema/pattern.js';
import { formatFaults } from './format-faults.js';
import type { Checked } from './language/checker.js';
import { present, type Call, type Expression, type Fault } from './language/expression.js';
import { describeType, first, isExactly, type Type } from './language/type.js';
import { parseDuration, parseTimestamp } from './library/times.js';

/** Lists of mixed types are what `format` is for. */
const TAKES_MIXED_LISTS = 'format';

export function literalFaults(checked: Checked): Fault[] {
  const exempt = new Set<Expression>();
  for (const expression of checked.types.keys()) {
    if (expression.kind !== 'call' || expression.name !== TAKES_MIXED_LISTS) continue;
    for (const part of partsOf(expression)) exempt.add(part);
  }
  const faults: Fault[] = [];
  for (const expression of checked.types.keys()) {
    if (expression.kind === 'call')
      faults.push(...callFaults(expression), ...formatFaults(expression, checked));
    if (exempt.has(expression)) continue;
    if (expression.kind === 'list') {
      const { items, optional } = expression;
      faults.push(...mixedFaults(items, checked, (index) => optional.has(index)));
    }
    if (expression.kind === 'map') {
      const { entries } = expression;
      const keys = entries.map(({ key }) => key);
      const values = entries.map(({ value }) => value);
      faults.push(...mixedFaults(keys, checked, () => false));
      faults.push(...mixedFaults(values, checked, (index) => entries[index]?.isOptional === true));
    }
  }
  return faults;
}

/** The expression and all within it. */
function* partsOf(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'select':
      yield* partsOf(expression.operand);
      break;
    case 'call':
      for (const arg of [expression.target, ...expression.args])
        if (arg !== undefined) yield* partsOf(arg);
      break;
    case 'list':
      for (const item of expression.items) yield* partsOf(item);
      break;
    case 'map':
      for (const { key, value } of expression.entries) {
        yield* partsOf(key);
        yield* partsOf(value);
      }
      break;
    case 'loop':
      for (const part of [expression.range, expression.start, expression.step, expression.result])
        yield* partsOf(part);
      break;
    default:
  }
}

type Read = (text: string) => unknown;

const CHECKED_CALLS: Readonly<Record<string, Read>> = {
  duration: parseDuration,
  timestamp: parseTimestamp,
  matches: compilePattern,
};

function callFaults({ name, args: [argument] }: Call): Fault[] {
  const read = CHECKED_CALLS[name];
  if (read === undefined || argument?.kind !== 'literal' || typeof argument.value !== 'string')
    return [];
  try {
    read(argument.value);
    return [];
  } catch {
    return [{ at: argument.at, why: `invalid ${name} argument` }];
  }
}

function mixedFaults(
  items: readonly Expression[],
  checked: Checked,
  isOptional: (index: number) => boolean,
): Fault[] {
  let before: Type | undefined;
  for (const [index, item] of items.entries()) {
    const whole = present(checked.types.get(item));
    const type = isOptional(index) ? first(whole) : whole;
    if (before === undefined) before = type;
    else if (!isExactly(before, type)) {
      const why = `expected type '${describeType(before)}' but found '${describeType(type)}'`;
      return [{ at: item.at, why }];
    }
  }
  return [];
}

const PATTERN_CALLS = new Set(['find', 'findAll']);

/** What is wrong with patterns that the real server compiles after all else was found right; undefined for nothing. */
export function patternFaultOf(checked: Checked): string | undefined {
  for (const expression of checked.types.keys()) {
    if (expression.kind !== 'call' || !PATTERN_CALLS.has(expression.name)) continue;
    const [pattern] = expression.args;
    if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string') continue;
    try {
      compilePattern(pattern.value);
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}
