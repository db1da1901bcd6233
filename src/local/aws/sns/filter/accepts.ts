/** Whether a filter policy accepts a message. */
import { textFor, type Message, type MessageAttribute } from '../message.js';
import { isObject, type FilterPolicy, type FilterScope } from './filter-policy.js';
import type { Match } from './match.js';

type Json = Readonly<Record<string, unknown>>;

/** A body that is no JSON object is accepted by no policy on bodies. */
export function accepts(
  policy: FilterPolicy,
  scope: FilterScope,
  message: Message,
  protocol: string,
): boolean {
  const content =
    scope === 'MessageAttributes'
      ? valuesOf(message.attributes)
      : readObject(textFor(message, protocol));
  return content !== undefined && fits(policy, content);
}

function fits({ values, nested, alternatives }: FilterPolicy, content: Json): boolean {
  return (
    [...values].every(([name, matches]) => fitsOne(matches, content[name])) &&
    [...nested].every(([name, policy]) =>
      [content[name]].flat().some((within) => isObject(within) && fits(policy, within)),
    ) &&
    alternatives.every((group) => group.some((policy) => fits(policy, content)))
  );
}

/** Of a list any one element has to fit; an empty one, or an object, is no value. */
function fitsOne(matches: readonly Match[], content: unknown): boolean {
  const values = [content].flat().filter((value) => value !== undefined && !isObject(value));
  return matches.some((match) =>
    match.kind === 'exists'
      ? match.wanted === values.length > 0
      : values.some((value) => match.fits(value)),
  );
}

function valuesOf(attributes: Readonly<Record<string, MessageAttribute>>): Json {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, valueOf(attribute)]),
  );
}

/** Binary attributes are not looked at. */
function valueOf({ Type, Value }: MessageAttribute): unknown {
  const [kind] = Type.split('.', 1);
  if (Type === 'String.Array') return readList(Value);
  if (kind === 'Number') return Number(Value);
  return kind === 'String' ? Value : undefined;
}

function readList(text: string): unknown {
  const parsed = parse(text);
  return Array.isArray(parsed) ? parsed : undefined;
}

function readObject(text: string): Json | undefined {
  const parsed = parse(text);
  return isObject(parsed) ? parsed : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
