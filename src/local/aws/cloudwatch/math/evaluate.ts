/**
 * Metric math: computes an expression over series of datapoints.
 *
 * Two series meet where both have a value: a time that one of them lacks is missing in the result, which is what `FILL` is for.
 */
import {
  ExpressionError,
  type Expression,
  type FunctionName,
  type Operator,
} from './expression.js';

/** Begin of a period → its value. */
export type Series = ReadonlyMap<number, number>;
type Value = number | Series | readonly Series[];

export interface MathScope {
  /** The series of an id. Throws `ExpressionError` where there is none. */
  series(id: string): Series;
  /** The series of the queries that are plain metrics: `METRICS()`. */
  metrics(): readonly Series[];
  /** The begin of every period in question, which `FILL` fills. */
  readonly times: readonly number[];
}

/** Throws `ExpressionError` where the expression is no series: a query must give one. */
export function evaluateExpression(expression: Expression, scope: MathScope): Series {
  const value = compute(expression, scope);
  if (value instanceof Map) return value as Series;
  if (typeof value === 'number') return new Map(scope.times.map((time) => [time, value]));
  throw new ExpressionError('the expression gives several time series, where one is wanted');
}

function compute(expression: Expression, scope: MathScope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return scope.series(expression.id);
    case 'list':
      return expression.items.map((item) => evaluateExpression(item, scope));
    case 'operation':
      return operate(
        expression.operator,
        compute(expression.left, scope),
        compute(expression.right, scope),
      );
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

function call(name: FunctionName, args: readonly Expression[], scope: MathScope): Value {
  const values = () => args.map((arg) => compute(arg, scope));
  switch (name) {
    case 'METRICS':
      return scope.metrics();
    case 'FILL':
      return fill(values(), scope);
    case 'IF':
      return choose(values(), scope);
    case 'ABS':
      return each(values(), Math.abs);
    case 'CEIL':
      return each(values(), Math.ceil);
    case 'FLOOR':
      return each(values(), Math.floor);
    case 'SUM':
      return across(values(), (all) => all.reduce((sum, value) => sum + value, 0));
    case 'AVG':
      return across(values(), (all) => all.reduce((sum, value) => sum + value, 0) / all.length);
    case 'MAX':
      return across(values(), (all) => Math.max(...all));
    case 'MIN':
      return across(values(), (all) => Math.min(...all));
  }
}

/** Over several series at each time that any has; over one series, all its times: a number. */
function across(values: readonly Value[], join: (values: readonly number[]) => number): Value {
  const [value] = values;
  if (values.length !== 1 || value === undefined)
    throw new ExpressionError('the function takes one argument');
  if (typeof value === 'number') return value;
  if (!isList(value)) return value.size === 0 ? value : join([...value.values()]);
  const times = new Set(value.flatMap((series) => [...series.keys()]));
  return new Map(
    [...times]
      .sort((a, b) => a - b)
      .map((time) => [
        time,
        join(value.map((series) => series.get(time)).filter((number) => number !== undefined)),
      ]),
  );
}

function fill(values: readonly Value[], { times }: MathScope): Value {
  const [value, filler] = values;
  if (value === undefined || filler === undefined || values.length !== 2) {
    throw new ExpressionError('FILL takes a time series and a value');
  }
  if (typeof value === 'number') return value;
  if (isList(filler)) throw new ExpressionError('FILL takes one value to fill with');
  const fillOne = (series: Series): Series => {
    const filled = times.flatMap((time): [number, number][] => {
      const number = series.get(time) ?? (typeof filler === 'number' ? filler : filler.get(time));
      return number === undefined ? [] : [[time, number]];
    });
    return new Map(filled);
  };
  return isList(value) ? value.map(fillOne) : fillOne(value);
}

function choose(values: readonly Value[], { times }: MathScope): Value {
  const [condition, whenTrue, whenFalse] = values;
  if (condition === undefined || whenTrue === undefined || values.length > 3) {
    throw new ExpressionError('IF takes a condition and one or two values');
  }
  const at = (value: Value | undefined, time: number): number | undefined => {
    if (value === undefined || typeof value === 'number') return value;
    if (isList(value)) throw new ExpressionError('IF takes single time series');
    return value.get(time);
  };
  return new Map(
    times.flatMap((time): [number, number][] => {
      const truth = at(condition, time);
      if (truth === undefined) return [];
      const number = at(truth === 0 ? whenFalse : whenTrue, time);
      return number === undefined ? [] : [[time, number]];
    }),
  );
}

function each(values: readonly Value[], change: (value: number) => number): Value {
  const [value] = values;
  if (values.length !== 1 || value === undefined)
    throw new ExpressionError('the function takes one argument');
  if (typeof value === 'number') return change(value);
  const changeOne = (series: Series): Series =>
    new Map([...series].map(([time, number]) => [time, change(number)]));
  return isList(value) ? value.map(changeOne) : changeOne(value);
}

const ARITHMETIC: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

function operate(operator: Operator, left: Value, right: Value): Value {
  const compute = ARITHMETIC[operator];
  if (isList(left)) return left.map((series) => operateOnSeries(series, right, compute));
  if (isList(right)) return right.map((series) => operateOnSeries(left, series, compute));
  if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
  return operateOnSeries(left, right, compute);
}

function operateOnSeries(
  left: Value,
  right: Value,
  compute: (a: number, b: number) => number,
): Series {
  if (isList(left) || isList(right))
    throw new ExpressionError('two lists of time series cannot be combined');
  const times =
    typeof left === 'number'
      ? typeof right === 'number'
        ? []
        : [...right.keys()]
      : [...left.keys()];
  return new Map(
    times.flatMap((time): [number, number][] => {
      const a = typeof left === 'number' ? left : left.get(time);
      const b = typeof right === 'number' ? right : right.get(time);
      if (a === undefined || b === undefined) return [];
      const value = compute(a, b);
      // A division by zero is a missing datapoint.
      return Number.isFinite(value) ? [[time, value]] : [];
    }),
  );
}

function isList(value: Value): value is readonly Series[] {
  return Array.isArray(value);
}
