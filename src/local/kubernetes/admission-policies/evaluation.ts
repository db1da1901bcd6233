/** Evaluation: one policy held against one request, with one parameter. */
import type { CompiledPolicy, CompiledValidation } from './compiled-policy.js';
import type { Subject, Variables } from './expressions.js';
import type { PolicySpec } from './policy.js';

/** A validation that does not hold, or that could not be told. */
export interface Denial {
  readonly message: string;
  /** A reason of Status. */
  readonly reason: string;
  /** Which of the policy's validations; undefined where it came before them. */
  readonly index?: number;
}

export interface Evaluated {
  readonly denials: readonly Denial[];
  readonly annotations: Readonly<Record<string, string>>;
}

const MAX_MESSAGE_BYTES = 5 * 1024;
const NOTHING: Evaluated = { denials: [], annotations: {} };

export function evaluate(
  policy: CompiledPolicy,
  { failurePolicy }: PolicySpec,
  subject: Subject,
): Evaluated {
  const isStrict = failurePolicy !== 'Ignore';
  const variables = policy.expressions.variablesOf(subject);
  const condition = meetsConditions(policy, subject, variables);
  if (condition === false) return NOTHING;
  if (condition !== true) return isStrict ? { ...NOTHING, denials: [condition] } : NOTHING;
  const denials = policy.validations.flatMap((validation, index) => {
    const denial = denialOf(validation, subject, variables, isStrict);
    return denial === undefined ? [] : [{ ...denial, index }];
  });
  const annotations: Record<string, string> = {};
  for (const { key, text, value } of policy.auditAnnotations) {
    try {
      const said = value(subject, variables);
      if (typeof said === 'string' && said.trim() !== '') annotations[key] = said.trim();
    } catch (error) {
      const message = errorMessage(text, error);
      if (isStrict) denials.push({ message, reason: 'Invalid', index: -1 });
    }
  }
  return { denials, annotations };
}

/** A condition that is false decides, even over others that fail. */
function meetsConditions(
  { matchConditions }: CompiledPolicy,
  subject: Subject,
  variables: Variables,
): boolean | Denial {
  let failure: Denial | undefined;
  for (const { text, holds } of matchConditions) {
    try {
      if (holds(subject, variables) !== true) return false;
    } catch (error) {
      failure ??= { message: errorMessage(text, error), reason: 'Invalid' };
    }
  }
  return failure ?? true;
}

function denialOf(
  compiled: CompiledValidation,
  subject: Subject,
  variables: Variables,
  isStrict: boolean,
): Denial | undefined {
  const { validation, holds } = compiled;
  const text = (validation.expression ?? '').trim();
  try {
    if (holds(subject, variables) === true) return undefined;
  } catch (error) {
    return isStrict ? { message: errorMessage(text, error), reason: 'Invalid' } : undefined;
  }
  const plain = (validation.message ?? '').trim();
  const message =
    composedMessage(compiled, subject, variables) ??
    (plain === '' ? `failed expression: ${text}` : plain);
  return { message, reason: validation.reason ?? 'Invalid' };
}

/** Undefined when there is none that can be used: the plain message then stands in, as on the real server. */
function composedMessage(
  { message }: CompiledValidation,
  subject: Subject,
  variables: Variables,
): string | undefined {
  if (message === undefined) return undefined;
  try {
    const said = (message(subject, variables) as string).trim();
    const isUsable =
      said !== '' && !/[\r\n]/.test(said) && Buffer.byteLength(said) <= MAX_MESSAGE_BYTES;
    return isUsable ? said : undefined;
  } catch {
    return undefined;
  }
}

function errorMessage(text: string, error: unknown): string {
  return `expression '${text}' resulted in error: ${(error as Error).message}`;
}
