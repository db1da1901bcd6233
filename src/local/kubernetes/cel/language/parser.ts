/**
 * The parser: from text to an expression, by the grammar of CEL; macros are expanded as they are read.
 *
 * Faults stand where the real server sees them: at the operator of an operation, at the dot of a selection, at the
 * bracket of a call.
 */
import {
  ExpressionError,
  type Call,
  type Expression,
  type ListLiteral,
  type MapLiteral,
  present,
} from './expression.js';
import { tokensOf, type Token } from './lexer.js';
import { expandMacro } from './macros.js';

/** So deep may expressions be nested in each other: what the real server allows. */
const MAX_DEPTH = 250;
const MAX_CHARACTERS = 100_000;
const BEGINNINGS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const RELATIONS = new Set(['<', '<=', '>', '>=', '==', '!=', 'in']);

/** Throws ExpressionError. */
export function parse(text: string): Expression {
  if (text.length > MAX_CHARACTERS) {
    const why = `expression code point size exceeds limit: size: ${text.length}, limit ${MAX_CHARACTERS}`;
    throw new ExpressionError([{ at: 0, why }]);
  }
  const { tokens, faults } = tokensOf(text);
  try {
    const expression = new Parser(tokens).parseAll();
    if (faults.length === 0) return expression;
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError([...faults, ...error.faults]);
    throw error;
  }
  throw new ExpressionError(faults);
}

class Parser {
  #next = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parseAll(): Expression {
    const expression = this.#expression();
    if (this.#token.kind !== 'end') this.#unexpected('<EOF>');
    return expression;
  }

  get #token(): Token {
    return present(this.tokens[this.#next]);
  }

  #take(): Token {
    const token = this.#token;
    this.#next += 1;
    return token;
  }

  #is(...signs: string[]): boolean {
    const { kind, text } = this.#token;
    return (kind === 'sign' || (kind === 'name' && text === 'in')) && signs.includes(text);
  }

  #expect(sign: string): Token {
    if (!this.#is(sign)) this.#unexpected(`'${sign}'`);
    return this.#take();
  }

  #unexpected(wanted: string): never {
    const { at, text, kind } = this.#token;
    const after = this.tokens[this.#next + 1];
    const isExtra =
      wanted === `'${after?.text ?? ''}'` || (wanted === '<EOF>' && after?.kind === 'end');
    const what = isExtra ? 'extraneous' : 'mismatched';
    const why =
      kind === 'end' && wanted === "')'"
        ? `missing ')' at '<EOF>'`
        : `${what} input '${text}' expecting ${wanted}`;
    throw new ExpressionError([{ at, why: `Syntax error: ${why}` }]);
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      const why = `expression recursion limit exceeded: ${MAX_DEPTH}`;
      throw new ExpressionError([{ at: -1, why }]);
    }
    const condition = this.#any('||', () => this.#any('&&', () => this.#relation()));
    let expression = condition;
    if (this.#is('?')) {
      const { at } = this.#take();
      const then = this.#any('||', () => this.#any('&&', () => this.#relation()));
      this.#expect(':');
      expression = call('_?_:_', at, condition, then, this.#expression());
    }
    this.#depth -= 1;
    return expression;
  }

  /** A chain of `&&` or of `||`, which the real server balances so that long ones are not deep ones. */
  #any(sign: '&&' | '||', operand: () => Expression): Expression {
    const operands = [operand()];
    const signs: Token[] = [];
    while (this.#is(sign)) {
      signs.push(this.#take());
      operands.push(operand());
    }
    const balanced = (from: number, to: number): Expression => {
      const middle = Math.floor((from + to + 1) / 2);
      const left = middle === from ? operands[from] : balanced(from, middle - 1);
      const right = middle === to ? operands[to + 1] : balanced(middle + 1, to);
      return call(`_${sign}_`, signs[middle]?.at ?? 0, present(left), present(right));
    };
    return signs.length === 0 ? present(operands[0]) : balanced(0, signs.length - 1);
  }

  #relation(): Expression {
    let left = this.#sum();
    while (this.#is(...RELATIONS)) {
      const { text, at } = this.#take();
      left = call(text === 'in' ? '@in' : `_${text}_`, at, left, this.#sum());
    }
    return left;
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.#is('+', '-')) {
      const { text, at } = this.#take();
      left = call(`_${text}_`, at, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    while (this.#is('*', '/', '%')) {
      const { text, at } = this.#take();
      left = call(`_${text}_`, at, left, this.#unary());
    }
    return left;
  }

  #unary(): Expression {
    const signs: Token[] = [];
    const sign = this.#is('!') ? '!' : '-';
    while (this.#is(sign)) signs.push(this.#take());
    const [first] = signs;
    const { value } = this.#token;
    const isNumber = typeof value === 'bigint' || typeof value === 'number';
    if (sign === '-' && signs.length > 0 && isNumber) {
      // The sign next to a number is part of it.
      const { at } = present(signs.pop());
      const literal = { kind: 'literal', at, value: -value } as const;
      this.#take();
      const operand = this.#member(literal);
      return signs.length % 2 === 0 ? operand : call('-_', first?.at ?? 0, operand);
    }
    const operand = this.#member(this.#primary());
    if (first === undefined || signs.length % 2 === 0) return operand;
    return call(sign === '!' ? '!_' : '-_', first.at, operand);
  }

  #member(primary: Expression): Expression {
    let expression = primary;
    for (;;) {
      if (this.#is('.')) expression = this.#selection(expression);
      else if (this.#is('[')) expression = this.#index(expression);
      else return expression;
    }
  }

  #selection(operand: Expression): Expression {
    const dot = this.#take();
    const isOptional = this.#is('?');
    if (isOptional) this.#take();
    if (this.#token.kind !== 'name' || this.#token.text === 'in') {
      const { at, text, kind } = this.#token;
      const input = `.${isOptional ? '?' : ''}${kind === 'end' ? '' : text}`;
      const why = `Syntax error: no viable alternative at input '${input}'`;
      throw new ExpressionError([{ at, why }]);
    }
    const field = this.#take().text.replaceAll('`', '');
    if (isOptional) {
      const name = { kind: 'literal', at: dot.at, value: field } as const;
      return call('_?._', dot.at, operand, name);
    }
    if (!this.#is('(')) return { kind: 'select', at: dot.at, operand, field, isTest: false };
    const { at } = this.#token;
    const args = this.#arguments();
    return expandMacro({ kind: 'call', at, name: field, target: operand, args });
  }

  #index(operand: Expression): Expression {
    const { at } = this.#take();
    const isOptional = this.#is('?');
    if (isOptional) this.#take();
    if (this.#token.kind === 'end')
      this.#unexpected(isOptional ? BEGINNINGS : BEGINNINGS.replace("'!', ", "'!', '?', "));
    const index = this.#expression();
    this.#expect(']');
    return call(isOptional ? '_[?_]' : '_[_]', at, operand, index);
  }

  #arguments(): Expression[] {
    this.#expect('(');
    const args: Expression[] = [];
    while (!this.#is(')')) {
      args.push(this.#expression());
      if (!this.#is(',')) break;
      this.#take();
    }
    this.#expect(')');
    return args;
  }

  #primary(): Expression {
    const token = this.#token;
    if (token.kind === 'literal') {
      this.#take();
      // One more than the largest int is there for its negation only.
      if (token.value === 2n ** 63n) {
        const why = 'invalid int literal';
        throw new ExpressionError([{ at: token.at, why }]);
      }
      return { kind: 'literal', at: token.at, value: token.value ?? null };
    }
    if (this.#is('(')) {
      this.#take();
      const expression = this.#expression();
      this.#expect(')');
      return expression;
    }
    if (this.#is('[')) return this.#list();
    if (this.#is('{')) return this.#map();
    if (this.#is('.')) this.#take();
    if (this.#token.kind !== 'name' || this.#token.text === 'in') this.#unexpected(BEGINNINGS);
    return this.#name();
  }

  #name(): Expression {
    const { at, text: name } = this.#take();
    if (RESERVED.has(name))
      throw new ExpressionError([{ at, why: `reserved identifier: ${name}` }]);
    if (!this.#is('(')) return { kind: 'name', at, name };
    const bracket = this.#token.at;
    const args = this.#arguments();
    return expandMacro({ kind: 'call', at: bracket, name, target: undefined, args });
  }

  #list(): ListLiteral {
    const { at } = this.#take();
    const items: Expression[] = [];
    const optional = new Set<number>();
    while (!this.#is(']')) {
      if (this.#is('?')) {
        this.#take();
        optional.add(items.length);
      }
      items.push(this.#expression());
      if (!this.#is(',')) break;
      this.#take();
    }
    if (this.#token.kind === 'end') this.#unexpected("{']', ','}");
    this.#expect(']');
    return { kind: 'list', at, items, optional };
  }

  #map(): MapLiteral {
    const { at } = this.#take();
    const entries: MapLiteral['entries'][number][] = [];
    while (!this.#is('}')) {
      const isOptional = this.#is('?');
      if (isOptional) this.#take();
      const key = this.#expression();
      this.#expect(':');
      entries.push({ key, value: this.#expression(), isOptional });
      if (!this.#is(',')) break;
      this.#take();
    }
    this.#expect('}');
    return { kind: 'map', at, entries };
  }
}

function call(name: string, at: number, ...args: Expression[]): Call {
  return { kind: 'call', at, name, target: undefined, args };
}
