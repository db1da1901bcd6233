/** Macros: calls that stand for other expressions, as `list.all(x, …)` for a loop. Expanded as cel-go does. */
import {
  ExpressionError,
  type Call,
  type Expression,
  type Literal,
  type Loop,
  present,
} from './expression.js';

export const ACCUMULATOR = '@result';
const FORBIDDEN_VARIABLES = [ACCUMULATOR, '__result__'];

/** The call itself where it is none. Throws ExpressionError for one with the wrong arguments. */
export function expandMacro(call: Call): Expression {
  const { name, target, args } = call;
  if (target === undefined) return name === 'has' && args.length === 1 ? has(call) : call;
  const expand = MACROS.get(`${name}/${args.length}`);
  return expand === undefined ? call : expand(call, target, args);
}

type Expand = (call: Call, target: Expression, args: readonly Expression[]) => Expression;

const MACROS: ReadonlyMap<string, Expand> = new Map<string, Expand>([
  ...['all', 'exists', 'exists_one'].flatMap((name): [string, Expand][] => [
    [`${name}/2`, quantifier(name, 1)],
    [`${name}/3`, quantifier(name, 2)],
  ]),
  ['existsOne/3', quantifier('existsOne', 2)],
  ['map/2', (call, target, [variable, to]) => list(call, target, [variable], undefined, to)],
  ['map/3', (call, target, [variable, filter, to]) => list(call, target, [variable], filter, to)],
  [
    'filter/2',
    (call, target, [variable, filter]) => list(call, target, [variable], filter, variable),
  ],
  [
    'transformList/3',
    (call, target, [key, value, to]) => list(call, target, [key, value], undefined, to),
  ],
  [
    'transformList/4',
    (call, target, [key, value, filter, to]) => list(call, target, [key, value], filter, to),
  ],
  ...[3, 4].flatMap((count): [string, Expand][] => [
    [`transformMap/${count}`, (call, target, args) => map(call, target, args, true)],
    [`transformMapEntry/${count}`, (call, target, args) => map(call, target, args, false)],
  ]),
  ['optMap/2', (call, target, args) => optional(call, target, args, true)],
  ['optFlatMap/2', (call, target, args) => optional(call, target, args, false)],
]);

function has({ at, args: [field] }: Call): Expression {
  if (field?.kind === 'select') return { ...field, at, isTest: true };
  throw new ExpressionError([{ at: field?.at ?? at, why: 'invalid argument to has() macro' }]);
}

function quantifier(name: string, variables: number): Expand {
  return ({ at }, range, args) => {
    const loop = loopOver(at, range, args.slice(0, variables));
    const predicate = present(args[variables]);
    const result = nameOf(ACCUMULATOR, at);
    switch (name) {
      case 'all':
        return {
          ...loop,
          start: literal(true, at),
          condition: calling('@not_strictly_false', at, result),
          step: calling('_&&_', at, result, predicate),
          result,
        };
      case 'exists':
        return {
          ...loop,
          start: literal(false, at),
          condition: calling('@not_strictly_false', at, calling('!_', at, result)),
          step: calling('_||_', at, result, predicate),
          result,
        };
      default:
        return {
          ...loop,
          start: literal(0n, at),
          condition: literal(true, at),
          step: calling(
            '_?_:_',
            at,
            predicate,
            calling('_+_', at, result, literal(1n, at)),
            result,
          ),
          result: calling('_==_', at, result, literal(1n, at)),
        };
    }
  };
}

function list(
  { at }: Call,
  range: Expression,
  variables: readonly (Expression | undefined)[],
  filter: Expression | undefined,
  to: Expression | undefined,
): Expression {
  const result = nameOf(ACCUMULATOR, at);
  const item = {
    kind: 'list',
    at,
    items: [present(to)],
    optional: new Set<number>(),
  } as const;
  const added = calling('_+_', at, result, item);
  return {
    ...loopOver(
      at,
      range,
      variables,
      variables.length === 1 ? 'argument is not an identifier' : undefined,
    ),
    start: { kind: 'list', at, items: [], optional: new Set() },
    condition: literal(true, at),
    step: filter === undefined ? added : calling('_?_:_', at, filter, added, result),
    result,
  };
}

function map(
  { at }: Call,
  range: Expression,
  args: readonly Expression[],
  isByKey: boolean,
): Expression {
  const [key, value] = args;
  const to = present(args.at(-1));
  const result = nameOf(ACCUMULATOR, at);
  const loop = loopOver(at, range, [key, value]);
  const inserted = isByKey
    ? calling('cel.@mapInsert', at, result, nameOf(loop.variable, at), to)
    : calling('cel.@mapInsert', at, result, to);
  return {
    ...loop,
    start: { kind: 'map', at, entries: [] },
    condition: literal(true, at),
    step: args.length === 4 ? calling('_?_:_', at, present(args[2]), inserted, result) : inserted,
    result,
  };
}

function optional(
  { at }: Call,
  target: Expression,
  [variable, to]: readonly Expression[],
  isWrapped: boolean,
): Expression {
  const name = variableOf(variable, 'optMap() variable name must be a simple identifier');
  const method = (on: Expression, called: string): Call => ({
    kind: 'call',
    at,
    name: called,
    target: on,
    args: [],
  });
  const mapped = bind(at, name, method(target, 'value'), present(to));
  return calling(
    '_?_:_',
    at,
    method(target, 'hasValue'),
    isWrapped ? calling('optional.of', at, mapped) : mapped,
    calling('optional.none', at),
  );
}

/** A loop over nothing: `result`, in which the name stands for the value. */
function bind(at: number, name: string, value: Expression, result: Expression): Loop {
  return {
    kind: 'loop',
    at,
    range: { kind: 'list', at, items: [], optional: new Set() },
    variable: '#unused',
    second: undefined,
    accumulator: name,
    start: value,
    condition: literal(false, at),
    step: nameOf(name, at),
    result,
  };
}

function loopOver(
  at: number,
  range: Expression,
  variables: readonly (Expression | undefined)[],
  why = 'argument must be a simple name',
) {
  const [first, second] = variables;
  const variable = variableOf(first, why);
  const other = variables.length === 1 ? undefined : variableOf(second, why);
  if (variable === other)
    throw new ExpressionError([
      { at: second?.at ?? at, why: `duplicate variable name: ${variable}` },
    ]);
  return { kind: 'loop', at, range, variable, second: other, accumulator: ACCUMULATOR } as const;
}

function variableOf(expression: Expression | undefined, why: string): string {
  const at = expression?.at ?? 0;
  if (expression?.kind !== 'name') throw new ExpressionError([{ at, why }]);
  if (FORBIDDEN_VARIABLES.includes(expression.name)) {
    const taken = 'iteration variable overwrites accumulator variable';
    throw new ExpressionError([{ at, why: taken }]);
  }
  return expression.name;
}

function calling(name: string, at: number, ...args: Expression[]): Call {
  return { kind: 'call', at, name, target: undefined, args };
}

function nameOf(name: string, at: number): Expression {
  return { kind: 'name', at, name };
}

function literal(value: Literal, at: number): Expression {
  return { kind: 'literal', at, value };
}
