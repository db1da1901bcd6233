/**
 * SimulatePrincipalPolicy, SimulateCustomPolicy: would these policies let a call through?
 *
 * Of a role's policies and of policies given. Policies on resources are refused: AWS simulates them for users alone, of which
 * there are none here. So are permissions boundaries, and EC2's resource scenarios.
 */
import type { AccessRequest } from '../../cloud.js';
import type { Input } from '../../protocols/input.js';
import type { Output } from '../../protocols/protocol.js';
import { AwsError, type Principal } from '../../service.js';
import { documentOf, type Directory, type Role } from '../directory.js';
import { page, PAGE_PARAMETERS, type IamOperation } from '../operation.js';
import { simulate, simulated, type SimulatedPolicy } from '../simulation.js';

const QUESTION_PARAMETERS = [
  'ActionNames',
  'ResourceArns',
  'ContextEntries',
  ...PAGE_PARAMETERS,
] as const;
const CONTEXT_TYPES = ['string', 'numeric', 'boolean', 'ip', 'binary', 'date'].flatMap((type) => [
  type,
  `${type}List`,
]);

export const simulatePrincipalPolicy: IamOperation = {
  name: 'SimulatePrincipalPolicy',
  parameters: ['PolicySourceArn', 'PolicyInputList', ...QUESTION_PARAMETERS],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicySourceArn');
    call.authorize('iam:SimulatePrincipalPolicy', arn);
    const role = roleOf(arn, directory);
    const { accountId } = directory;
    const caller: Principal = { kind: 'role', accountId, arn, roleArn: arn };
    const policies = [...policiesOf(role, directory), ...givenPolicies(input)];
    return answer(input, policies, caller, directory);
  },
};

export const simulateCustomPolicy: IamOperation = {
  name: 'SimulateCustomPolicy',
  parameters: ['PolicyInputList', ...QUESTION_PARAMETERS],
  run: (input, call, directory) => {
    call.authorize('iam:SimulateCustomPolicy', '*');
    if (!input.has('PolicyInputList')) input.requiredString('PolicyInputList');
    return answer(input, givenPolicies(input), { kind: 'anonymous' }, directory);
  },
};

function answer(
  input: Input,
  policies: readonly SimulatedPolicy[],
  caller: Principal,
  directory: Directory,
): Output {
  const actions = readActions(input);
  const resources = readResources(input);
  const context = readContext(input);
  const questions = actions.flatMap((action) =>
    resources.map((resource) => ({ caller, action, resource, context })),
  );
  const { items, ...rest } = page(questions, input);
  return {
    EvaluationResults: items.map((question) => simulate(policies, question, directory)),
    ...rest,
  };
}

function roleOf(arn: string, directory: Directory): Role {
  const [, kind, name = ''] = /^arn:aws:iam::\d{12}:([a-z]+)\/(?:.+\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind === undefined) {
    const message = `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`;
    throw new AwsError('InvalidInput', message);
  }
  if (kind === 'role' && directory.findRoleByArn(arn) !== undefined) return directory.role(name);
  throw new AwsError('NoSuchEntity', `The ${kind} with name ${name} cannot be found.`, 404);
}

function policiesOf({ name, inline, attached }: Role, directory: Directory): SimulatedPolicy[] {
  const own = Object.entries(inline).map(([policy, text]) =>
    simulated(`role_${name}_${policy}`, text),
  );
  const managed = attached.map((arn) => directory.policy(arn));
  return [...own, ...managed.map((policy) => simulated(policy.name, documentOf(policy)))];
}

function givenPolicies(input: Input): SimulatedPolicy[] {
  return (input.strings('PolicyInputList') ?? []).map((text, i) => {
    try {
      return simulated(`PolicyInputList.${i + 1}`, text);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        'InvalidInput',
        `Invalid policy at PolicyInputList.${i + 1}: ${error.message}`,
      );
    }
  });
}

function readActions(input: Input): string[] {
  const actions = input.strings('ActionNames') ?? [];
  if (actions.length === 0) input.requiredString('ActionNames');
  const wrong = actions.find((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/i.test(action));
  if (wrong === undefined) return actions;
  throw new AwsError('InvalidInput', `Invalid Input ActionNames: ${wrong} is not a known action`);
}

function readResources(input: Input): string[] {
  const resources = input.strings('ResourceArns') ?? [];
  const wrong = resources.find(
    (arn) => arn !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn),
  );
  if (wrong === undefined) return resources.length === 0 ? ['*'] : resources;
  throw new AwsError('InvalidInput', `Invalid Input ResourceArns: ${wrong} is not an ARN`);
}

function readContext(input: Input): NonNullable<AccessRequest['context']> {
  const entries = (input.structures('ContextEntries') ?? []).map((entry) => {
    entry.choice('ContextKeyType', CONTEXT_TYPES);
    return [
      entry.requiredString('ContextKeyName'),
      entry.strings('ContextKeyValues') ?? [],
    ] as const;
  });
  return Object.fromEntries(entries);
}
