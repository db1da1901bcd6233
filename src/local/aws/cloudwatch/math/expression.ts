/**
 * Metric math: reads an expression such as `FILL(m1, 0) + m2` into a tree.
 *
 * Understood: numbers, ids, `+ - * / ^`, comparisons, AND OR, parentheses, lists, and the functions of `evaluate.ts`.
 * Anything else is refused when it is written, never understood in part.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

export const FUNCTIONS = [
  'ABS',
  'AVG',
  'CEIL',
  'FILL',
  'FLOOR',
  'IF',
  'MAX',
  'METRICS',
  'MIN',
  'SUM',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Weakest first; those of one row bind alike, from the left. */
const PRECEDENCE = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
] as const;
export type Operator = (typeof PRECEDENCE)[number][number];

export class ExpressionError extends Error {}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>(),[\]]))/y;
const MAX_DEPTH = 100;

/** Throws `ExpressionError`. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokenize(text));
  const expression = parser.operation(0);
  parser.end();
  return expression;
}

/** The ids an expression speaks of. */
export function idsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'id':
      return [expression.id];
    case 'list':
      return expression.items.flatMap(idsIn);
    case 'operation':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    case 'call':
      return expression.args.flatMap(idsIn);
  }
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < trimmed.length) {
    const position = pattern.lastIndex;
    const match = pattern.exec(trimmed);
    if (match === null) {
      throw new ExpressionError(`cannot read '${trimmed.slice(position, position + 10)}'`);
    }
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  operation(level: number): Expression {
    const operators: readonly string[] | undefined = PRECEDENCE[level];
    if (operators === undefined) return this.operand();
    let left = this.operation(level + 1);
    for (
      let token = this.peek();
      token !== undefined && operators.includes(token);
      token = this.peek()
    ) {
      this.position += 1;
      const right = this.operation(level + 1);
      left = { kind: 'operation', operator: token as Operator, left, right };
    }
    return left;
  }

  end(): void {
    const token = this.peek();
    if (token !== undefined) throw new ExpressionError(`'${token}' is not expected`);
  }

  private operand(): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ExpressionError('it is nested too deeply');
    const expression = this.readOperand();
    this.depth -= 1;
    return expression;
  }

  private readOperand(): Expression {
    const token = this.take();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === '-') {
      const zero: Expression = { kind: 'number', value: 0 };
      return { kind: 'operation', operator: '-', left: zero, right: this.operand() };
    }
    if (token === '(') {
      const inner = this.operation(0);
      this.expect(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', items: this.list(']') };
    if (!/^[A-Za-z]/.test(token)) throw new ExpressionError(`'${token}' is not expected`);
    if (this.peek() !== '(') {
      // Ids begin with a lower-case letter.
      if (/^[a-z]/.test(token)) return { kind: 'id', id: token };
      throw new ExpressionError(`'${token}' is neither an id nor a function call`);
    }
    const name = FUNCTIONS.find((known) => known === token);
    if (name === undefined)
      throw new ExpressionError(`the function ${token} is not supported here`);
    this.expect('(');
    return { kind: 'call', name, args: this.list(')') };
  }

  private list(end: string): Expression[] {
    const items: Expression[] = [];
    while (this.peek() !== end) {
      if (items.length > 0) this.expect(',');
      items.push(this.operation(0));
    }
    this.expect(end);
    return items;
  }

  private peek(): string | undefined {
    return this.tokens[this.position];
  }

  private take(): string {
    const token = this.peek();
    if (token === undefined) throw new ExpressionError('it ends too early');
    this.position += 1;
    return token;
  }

  private expect(token: string): void {
    const found = this.take();
    if (found !== token) throw new ExpressionError(`'${token}' is expected, not '${found}'`);
  }
}
