/**
 * What the function refuses before it runs anything: a rule broken here is fatal for the whole composite, even in a template
 * or patch that would have been skipped.
 *
 * The real function leaves the transforms and policies of Combine patches unchecked until they run; so does this.
 */
import { RE2JS } from 're2js';
import type {
  Combine,
  ConnectionDetail,
  Input,
  MatchPattern,
  Patch,
  ReadinessCheck,
  StringTransform,
  Template,
  Transform,
} from './input.js';

/** The rule that the input breaks, and the field that breaks it. */
export class InvalidInput extends Error {}

const ENVIRONMENT_PATCHES: ReadonlySet<string> = new Set([
  'FromCompositeFieldPath',
  'ToCompositeFieldPath',
  'CombineFromComposite',
  'CombineToComposite',
  'FromEnvironmentFieldPath',
  'ToEnvironmentFieldPath',
]);
const FIELD_PATCHES: ReadonlySet<string> = new Set([
  'FromCompositeFieldPath',
  'ToCompositeFieldPath',
  'FromEnvironmentFieldPath',
  'ToEnvironmentFieldPath',
]);
const COMBINE_PATCHES: ReadonlySet<string> = new Set([
  'CombineFromComposite',
  'CombineToComposite',
  'CombineFromEnvironment',
  'CombineToEnvironment',
]);
const CONVERT_TYPES: ReadonlySet<string> = new Set([
  'string',
  'bool',
  'int',
  'int64',
  'float64',
  'object',
  'array',
]);
const CONVERT_FORMATS: ReadonlySet<string> = new Set(['none', 'quantity', 'json']);

export const TO_FIELD_PATH_POLICIES: ReadonlySet<string> = new Set([
  'Replace',
  'MergeObject',
  'MergeObjects',
  'MergeObjectsAppendArrays',
  'ForceMergeObjects',
  'ForceMergeObjectsAppendArrays',
  'AppendArray',
]);

export function validateInput(input: Input): void {
  if (input.writeConnectionSecretToRef !== undefined) {
    refuse('writeConnectionSecretToRef', 'is not supported here; compose a Secret instead');
  }
  for (const [i, set] of input.patchSets.entries()) {
    const at = `patchSets[${String(i)}]`;
    require(set.name, `${at}.name`);
    for (const [j, patch] of set.patches.entries()) {
      validatePatch(patch, `${at}.patches[${String(j)}]`);
      if (patch.type === 'PatchSet') refuse(at, 'a patch in a PatchSet cannot be of type PatchSet');
    }
  }
  const environment = input.environment?.patches ?? [];
  if (input.resources.length === 0 && environment.length === 0) {
    refuse('resources', 'resources or environment patches are required');
  }
  input.resources.forEach((template, i) => {
    validateTemplate(template, `resources[${String(i)}]`);
  });
  environment.forEach((patch, i) => {
    const at = `environment.patches[${String(i)}]`;
    if (!ENVIRONMENT_PATCHES.has(patch.type))
      refuse(`${at}.type`, 'invalid environment patch type');
    validatePatch(patch, at);
  });
}

function validateTemplate(template: Template, at: string): void {
  require(template.name, `${at}.name`);
  template.patches.forEach((patch, i) => {
    validatePatch(patch, `${at}.patches[${String(i)}]`);
  });
  template.connectionDetails.forEach((detail, i) => {
    validateConnectionDetail(detail, `${at}.connectionDetails[${String(i)}]`);
  });
  template.readinessChecks.forEach((check, i) => {
    validateReadinessCheck(check, `${at}.readinessChecks[${String(i)}]`);
  });
}

export function validatePatch(patch: Patch, at: string): void {
  if (COMBINE_PATCHES.has(patch.type)) {
    if (patch.combine === undefined) refuse(`${at}.combine`, 'is required');
    require(patch.toFieldPath, `${at}.toFieldPath`);
    validateCombine(patch.combine, `${at}.combine`);
    return;
  }
  if (FIELD_PATCHES.has(patch.type)) require(patch.fromFieldPath, `${at}.fromFieldPath`);
  else if (patch.type === 'PatchSet') require(patch.patchSetName, `${at}.patchSetName`);
  else refuse(`${at}.type`, `unknown patch type ${JSON.stringify(patch.type)}`);

  patch.transforms.forEach((transform, i) => {
    validateTransform(transform, `${at}.transforms[${String(i)}]`);
  });
  const to = patch.policy?.toFieldPath ?? 'Replace';
  if (!TO_FIELD_PATH_POLICIES.has(to)) refuse(`${at}.policy.toFieldPath`, `unknown policy ${to}`);
  const from = patch.policy?.fromFieldPath ?? 'Optional';
  if (from !== 'Optional' && from !== 'Required') {
    refuse(`${at}.policy.fromFieldPath`, `unknown policy ${from}`);
  }
}

function validateCombine(combine: Combine, at: string): void {
  require(combine.strategy, `${at}.strategy`);
  if (combine.strategy !== 'string')
    refuse(`${at}.strategy`, `unknown strategy ${combine.strategy}`);
  if (combine.string === undefined) refuse(`${at}.string`, 'is required');
  if (combine.variables.length === 0) refuse(`${at}.variables`, 'at least one is required');
  combine.variables.forEach((variable, i) => {
    require(variable.fromFieldPath, `${at}.variables[${String(i)}].fromFieldPath`);
  });
}

export function validateTransform(transform: Transform, at: string): void {
  switch (transform.type) {
    case 'math': {
      const { math } = transform;
      if (math === undefined) refuse(`${at}.math`, 'is required');
      const field = { Multiply: 'multiply', ClampMin: 'clampMin', ClampMax: 'clampMax' }[math.type];
      if (field === undefined) refuse(`${at}.math.type`, `unknown type "${math.type}"`);
      if (math[field as 'multiply'] === undefined) refuse(`${at}.math.${field}`, 'is required');
      return;
    }
    case 'map':
      if (Object.keys(transform.map ?? {}).length === 0)
        refuse(`${at}.map`, 'needs at least one pair');
      return;
    case 'match':
      if ((transform.match?.patterns ?? []).length === 0)
        refuse(`${at}.match.patterns`, 'is required');
      transform.match?.patterns.forEach((pattern, i) => {
        validatePattern(pattern, `${at}.match.patterns[${String(i)}]`);
      });
      return;
    case 'string':
      if (transform.string === undefined) refuse(`${at}.string`, 'is required');
      validateString(transform.string, `${at}.string`);
      return;
    case 'convert': {
      const { convert } = transform;
      if (convert === undefined) refuse(`${at}.convert`, 'is required');
      if (!CONVERT_FORMATS.has(convert.format ?? 'none'))
        refuse(`${at}.convert.format`, 'invalid format');
      if (!CONVERT_TYPES.has(convert.toType)) refuse(`${at}.convert.toType`, 'invalid type');
      return;
    }
    default:
      refuse(`${at}.type`, `unknown transform type "${transform.type}"`);
  }
}

function validatePattern(pattern: MatchPattern, at: string): void {
  switch (pattern.type) {
    case '':
    case 'literal':
      if (pattern.literal === undefined) refuse(`${at}.literal`, 'is required');
      return;
    case 'regexp':
      if (pattern.regexp === undefined) refuse(`${at}.regexp`, 'is required');
      validateRegexp(pattern.regexp, `${at}.regexp`);
      return;
    default:
      refuse(`${at}.type`, `unknown pattern type ${pattern.type}`);
  }
}

function validateString(string: StringTransform, at: string): void {
  switch (string.type) {
    case 'Format':
      if (string.fmt === undefined) refuse(`${at}.fmt`, 'is required');
      return;
    case 'Convert':
      if (string.convert === undefined) refuse(`${at}.convert`, 'is required');
      return;
    case 'TrimPrefix':
    case 'TrimSuffix':
      if (string.trim === undefined) refuse(`${at}.trim`, 'is required');
      return;
    case 'Regexp':
      require(string.regexp?.match, `${at}.regexp.match`);
      validateRegexp(string.regexp?.match ?? '', `${at}.regexp.match`);
      return;
    case 'Join':
      if (string.join === undefined) refuse(`${at}.join`, 'is required');
      return;
    case 'Replace':
      require(string.replace?.search, `${at}.replace.search`);
      return;
    default:
      refuse(`${at}.type`, `unknown string transform type "${string.type}"`);
  }
}

function validateRegexp(pattern: string, at: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (cause) {
    throw new InvalidInput(`${at}: invalid regexp ${JSON.stringify(pattern)}`, { cause });
  }
}

function validateConnectionDetail(detail: ConnectionDetail, at: string): void {
  require(detail.type, `${at}.type`);
  const field = {
    FromValue: 'value',
    FromConnectionSecretKey: 'fromConnectionSecretKey',
    FromFieldPath: 'fromFieldPath',
  }[detail.type];
  if (field === undefined) refuse(`${at}.type`, 'unknown connection detail type');
  require(detail.name, `${at}.name`);
  if (detail[field as 'value'] === undefined) refuse(`${at}.${field}`, 'is required');
}

function validateReadinessCheck(check: ReadinessCheck, at: string): void {
  switch (check.type) {
    case 'None':
      return;
    case 'MatchCondition':
      if (check.matchCondition === undefined) refuse(`${at}.matchCondition`, 'is required');
      require(check.matchCondition.type, `${at}.matchCondition.type`);
      require(check.matchCondition.status, `${at}.matchCondition.status`);
      return;
    case 'MatchString':
      if (check.matchString === undefined) refuse(`${at}.matchString`, 'is required');
      break;
    case 'MatchInteger':
      if (check.matchInteger === undefined) refuse(`${at}.matchInteger`, 'is required');
      break;
    case 'NonEmpty':
    case 'MatchTrue':
    case 'MatchFalse':
      break;
    default:
      refuse(`${at}.type`, `unknown readiness check type "${check.type}"`);
  }
  if (check.fieldPath === undefined) refuse(`${at}.fieldPath`, 'is required');
}

function require(value: string | undefined, at: string): void {
  if (value === undefined || value === '') refuse(at, 'is required');
}

function refuse(at: string, why: string): never {
  throw new InvalidInput(`${at}: ${why}`);
}
