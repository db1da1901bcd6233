/** Label selectors: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
import { badRequest } from '../http/status-error.js';

type Labels = Readonly<Record<string, string>>;
export type LabelSelector = (labels: Labels) => boolean;

const NAME =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const TOKEN = /\s*(==|!=|=|!|>|<|\(|\)|,|[^\s=!<>(),]+)/y;

/** Throws 400 BadRequest. */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = tokenize(text);
  const requirements: LabelSelector[] = [];
  let at = 0;
  const take = () => tokens[at++];
  const readValues = (): string[] => {
    if (take() !== '(') throw unparsable(tokens[at - 1], "'('");
    const values: string[] = [];
    for (;;) {
      const next = tokens[at];
      if (next === ')') {
        at += 1;
        return values.length === 0 ? [''] : values;
      }
      if (next === undefined) throw unparsable(next, "',', or ')'");
      if (next === ',') {
        at += 1;
        if (tokens[at] === ',' || tokens[at] === ')') values.push('');
        continue;
      }
      values.push(checked(VALUE, next));
      at += 1;
    }
  };
  const readRequirement = (): LabelSelector => {
    if (tokens[at] === '!') {
      at += 1;
      const key = checked(NAME, take());
      return (labels) => !Object.hasOwn(labels, key);
    }
    const key = checked(NAME, take());
    const operator = tokens[at];
    if (operator === undefined || operator === ',') return (labels) => Object.hasOwn(labels, key);
    at += 1;
    switch (operator) {
      case '=':
      case '==': {
        const value = readValue();
        return (labels) => Object.hasOwn(labels, key) && labels[key] === value;
      }
      case '!=': {
        const value = readValue();
        return (labels) => !Object.hasOwn(labels, key) || labels[key] !== value;
      }
      case 'in': {
        const values = readValues();
        return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
      }
      case 'notin': {
        const values = readValues();
        return (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '');
      }
      case '>':
      case '<': {
        const bound = readValue();
        if (!/^-?\d+$/.test(bound))
          throw badRequest(`for 'Gt', 'Lt' operators, the value must be an integer`);
        return (labels) => {
          const value = labels[key];
          if (value === undefined || !/^-?\d+$/.test(value)) return false;
          return operator === '>' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
        };
      }
      default:
        throw unparsable(operator, 'in, notin, =, ==, !=, gt, lt');
    }
  };
  const readValue = (): string => {
    const next = tokens[at];
    if (next === undefined || next === ',') return '';
    at += 1;
    return checked(VALUE, next);
  };
  while (at < tokens.length) {
    requirements.push(readRequirement());
    if (at >= tokens.length) break;
    if (take() !== ',') throw unparsable(tokens[at - 1], "',' or 'end of string'");
    if (at >= tokens.length) throw unparsable('', 'identifier after');
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const scanner = new RegExp(TOKEN);
  while (scanner.lastIndex < text.trimEnd().length) {
    const token = scanner.exec(text)?.[1];
    if (token === undefined) throw unparsable(text, 'identifier');
    tokens.push(token);
  }
  return tokens;
}

function checked(shape: RegExp, token: string | undefined): string {
  if (token === undefined || !shape.test(token)) throw unparsable(token, 'identifier');
  return token;
}

function unparsable(found: string | undefined, expected: string) {
  return badRequest(`unable to parse requirement: found '${found ?? ''}', expected: ${expected}`);
}
