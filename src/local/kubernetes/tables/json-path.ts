/** The JSONPath of printer columns, selectable fields and scale paths: `.spec.a`, `['b']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`. */
import { isJsonObject } from '../json/json.js';

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'where';
      readonly path: readonly Step[];
      readonly operator: string;
      readonly value: unknown;
    };

const TOKEN =
  /\.?\[\?\(\s*@((?:\.[\w-]+|\['[^']+'\])+)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^\s)]+)\s*)?\)\]|\.?\[\s*(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*))\s*\]|\.((?:[^.[\]\\]|\\.)+)/y;

export class JsonPath {
  private constructor(private readonly steps: readonly Step[]) {}

  /** Undefined when the path cannot be parsed. */
  static parse(text: string): JsonPath | undefined {
    const steps = parseSteps(text.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, ''));
    return steps === undefined ? undefined : new JsonPath(steps);
  }

  /** Everything the path leads to. */
  find(value: unknown): unknown[] {
    return this.steps.reduce<unknown[]>(
      (found, step) => found.flatMap((one) => follow(one, step)).filter((one) => one !== undefined),
      [value],
    );
  }
}

function parseSteps(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < text.length) {
    const token = new RegExp(TOKEN);
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) return undefined;
    at += match[0].length;
    const [, where, operator = 'exists', operand, single, double, index, all, member] = match;
    if (where !== undefined) {
      const path = parseSteps(where);
      if (path === undefined) return undefined;
      steps.push({ kind: 'where', path, operator, value: operandOf(operand) });
    } else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (all !== undefined || member === '*') steps.push({ kind: 'all' });
    else
      steps.push({
        kind: 'member',
        name: (single ?? double ?? member ?? '').replaceAll(/\\(.)/g, '$1'),
      });
  }
  return steps;
}

function operandOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (/^['"]/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}

function follow(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'member':
      return isJsonObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index':
      return Array.isArray(value) ? [value.at(step.index)] : [];
    case 'all':
      if (Array.isArray(value)) return value as unknown[];
      return isJsonObject(value) ? Object.values(value) : [];
    case 'where':
      return Array.isArray(value) ? value.filter((item) => holds(item, step)) : [];
  }
}

function holds(
  item: unknown,
  { path, operator, value }: Extract<Step, { kind: 'where' }>,
): boolean {
  const found = path.reduce<unknown[]>(
    (at, step) => at.flatMap((one) => follow(one, step)),
    [item],
  );
  if (operator === 'exists') return found.length > 0;
  return found.some((one) => {
    switch (operator) {
      case '==':
        return one === value;
      case '!=':
        return one !== value;
      case '<':
        return (one as number) < (value as number);
      case '<=':
        return (one as number) <= (value as number);
      case '>':
        return (one as number) > (value as number);
      default:
        return (one as number) >= (value as number);
    }
  });
}
