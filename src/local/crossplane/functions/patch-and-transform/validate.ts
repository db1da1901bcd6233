/**
 * What the function refuses before it runs anything: a rule broken here is fatal for the whole composite, even in a template
 * or patch that would have been skipped. The words are those of the real function.
 *
 * It leaves the transforms and policies of Combine patches unchecked until they run, and does not say in which of the patch
 * sets a patch is; so does this.
 */
import { RE2JS } from 're2js';
import type {
  Combine,
  ConnectionDetail,
  Input,
  MatchPattern,
  MathTransform,
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

const TO_FIELD_PATH_POLICIES: ReadonlySet<string> = new Set([
  'Replace',
  'MergeObject',
  'MergeObjects',
  'MergeObjectsAppendArrays',
  'ForceMergeObjects',
  'ForceMergeObjectsAppendArrays',
  'AppendArray',
]);

/** Throws `InvalidInput` for the first rule that is broken. */
export function validateInput(input: Input): void {
  for (const { name, patches } of input.patchSets) {
    demand(name, 'name', 'name is required');
    patches.forEach((patch, i) => {
      const at = `patches[${String(i)}]`;
      if (patch.type === 'PatchSet') {
        const why = 'patch type *v1beta1.PatchSetPatch does not support patch of type PatchSet';
        invalid(`${at}.type`, patch.type, why);
      }
      validatePatch(patch, at);
    });
  }
  const environment = input.environment?.patches ?? [];
  if (input.resources.length === 0 && environment.length === 0) {
    missing('resources', 'resources or environment patches are required');
  }
  input.resources.forEach((template, i) => {
    validateTemplate(template, `resources[${String(i)}]`);
  });
  environment.forEach((patch, i) => {
    const at = `environment.patches[${String(i)}]`;
    if (!ENVIRONMENT_PATCHES.has(patch.type))
      invalid(`${at}[type]`, patch.type, 'invalid environment patch type');
    validatePatch(patch, at);
  });
}

function validateTemplate(template: Template, at: string): void {
  demand(template.name, `${at}.name`, 'name is required');
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

function validatePatch(patch: Patch, at: string): void {
  const { type } = patch;
  const demandFor = (value: string | undefined, field: string): void => {
    demand(value, `${at}.${field}`, `${field} must be set for patch type ${type}`);
  };
  if (COMBINE_PATCHES.has(type)) {
    if (patch.combine === undefined)
      missing(`${at}.combine`, `combine must be set for patch type ${type}`);
    demandFor(patch.toFieldPath, 'toFieldPath');
    validateCombine(patch.combine, `${at}.combine`);
    return;
  }
  if (FIELD_PATCHES.has(type)) demandFor(patch.fromFieldPath, 'fromFieldPath');
  else if (type === 'PatchSet') demandFor(patch.patchSetName, 'patchSetName');
  else invalid(`${at}.type`, type, 'unknown patch type');

  patch.transforms.forEach((transform, i) => {
    validateTransform(transform, `${at}.transforms[${String(i)}]`);
  });
  const { fromFieldPath: from = 'Optional', toFieldPath: to = 'Replace' } = patch.policy ?? {};
  if (!TO_FIELD_PATH_POLICIES.has(to))
    invalid(`${at}.policy.toFieldPathPolicy`, to, 'unknown toFieldPathPolicy');
  if (from !== 'Optional' && from !== 'Required')
    invalid(`${at}.policy.fromFieldPathPolicy`, from, 'unknown fromFieldPathPolicy');
}

function validateCombine({ strategy, string, variables }: Combine, at: string): void {
  demand(strategy, `${at}.strategy`, 'a combine strategy must be provided');
  if (strategy !== 'string') invalid(`${at}.strategy`, strategy, 'unknown strategy type');
  if (string === undefined)
    missing(`${at}.string`, 'string must be set for combine strategy string');
  if (variables.length === 0) missing(`${at}.variables`, 'at least one variable must be provided');
  variables.forEach(({ fromFieldPath }, i) => {
    const where = `${at}.variables[${String(i)}].fromFieldPath`;
    demand(fromFieldPath, where, 'fromFieldPath must be set for each combine variable');
  });
}

function validateTransform(transform: Transform, at: string): void {
  const { type, math, map, match, string, convert } = transform;
  const configured = <T>(settings: T | undefined): T =>
    settings ?? missing(`${at}.${type}`, `given transform type ${type} requires configuration`);
  switch (type) {
    case 'math':
      validateMath(configured(math), `${at}.math.`);
      return;
    case 'map':
      if (Object.keys(configured(map)).length === 0)
        missing(
          `${at}.map.pairs`,
          'at least one pair must be specified if a map transform is specified',
        );
      return;
    case 'match':
      if (configured(match).patterns.length === 0)
        missing(
          `${at}.match.patterns`,
          'at least one pattern must be specified if a match transform is specified',
        );
      match?.patterns.forEach((pattern, i) => {
        validatePattern(pattern, `${at}.match.patterns[${String(i)}]`);
      });
      return;
    case 'string':
      validateString(configured(string), `${at}.string`);
      return;
    case 'convert':
      validateConvert(configured(convert), `${at}.convert.`);
      return;
    default:
      invalid(`${at}.type`, type, 'unknown transform type');
  }
}

/** Field of a math transform, and what its type is called in words. */
const MATH: Readonly<
  Record<string, readonly [field: 'multiply' | 'clampMin' | 'clampMax', words: string]>
> = {
  Multiply: ['multiply', 'multiply'],
  ClampMin: ['clampMin', 'clamp min'],
  ClampMax: ['clampMax', 'clamp max'],
};

/** `at` ends where the names of fields begin. */
export function validateMath(math: MathTransform, at = ''): void {
  demand(math.type, `${at}type`, 'math transform type is required');
  const [field, words] =
    MATH[math.type] ?? invalid(`${at}type`, math.type, 'unknown math transform type');
  if (math[field] === undefined)
    missing(`${at}${field}`, `must specify a value if a ${words} math transform is specified`);
}

/** `at` ends where the names of fields begin. */
export function validateConvert(
  { toType, format = 'none' }: NonNullable<Transform['convert']>,
  at = '',
): void {
  if (!CONVERT_FORMATS.has(format)) invalid(`${at}format`, format, 'invalid format');
  if (!CONVERT_TYPES.has(toType)) invalid(`${at}toType`, toType, 'invalid type');
}

function validatePattern({ type, literal, regexp }: MatchPattern, at: string): void {
  switch (type) {
    case '':
    case 'literal':
      if (literal === undefined)
        missing(`${at}.literal`, 'literal pattern type requires a literal');
      return;
    case 'regexp':
      if (regexp === undefined) missing(`${at}.regexp`, 'regexp pattern type requires a regexp');
      validateRegexp(regexp, `${at}.regexp`);
      return;
    default:
      invalid(`${at}.type`, type, 'unknown pattern type');
  }
}

function validateString(string: StringTransform, at: string): void {
  const { type, fmt, convert, trim, regexp, join, replace } = string;
  demand(type, `${at}.type`, 'string transform type is required');
  switch (type) {
    case 'Format':
      if (fmt === undefined) missing(`${at}.fmt`, 'format transform requires a format');
      return;
    case 'Convert':
      if (convert === undefined)
        missing(`${at}.convert`, 'convert transform requires a conversion type');
      return;
    case 'TrimPrefix':
    case 'TrimSuffix':
      if (trim === undefined) missing(`${at}.trim`, 'trim transform requires a trim value');
      return;
    case 'Regexp':
      if (regexp === undefined) missing(`${at}.regexp`, 'regexp transform requires a regexp');
      demand(regexp.match, `${at}.regexp.match`, 'regexp transform requires a match');
      validateRegexp(regexp.match, `${at}.regexp.match`);
      return;
    case 'Join':
      if (join === undefined) missing(`${at}.join`, 'join transform requires a join');
      return;
    case 'Replace':
      if (replace === undefined) missing(`${at}.replace`, 'replace transform requires a replace');
      demand(replace.search, `${at}.replace.search`, 'replace transform requires a search');
      return;
    default:
      invalid(`${at}.type`, type, 'unknown string transform type');
  }
}

function validateRegexp(pattern: string, at: string): void {
  try {
    RE2JS.compile(pattern);
  } catch {
    invalid(at, pattern, 'invalid regexp');
  }
}

function validateConnectionDetail(detail: ConnectionDetail, at: string): void {
  const { type, name, value, fromConnectionSecretKey, fromFieldPath } = detail;
  demand(type, `${at}.type`, 'connection detail type is required');
  if (!['FromValue', 'FromConnectionSecretKey', 'FromFieldPath'].includes(type))
    invalid(`${at}.type`, type, 'unknown connection detail type');
  demand(name, `${at}.name`, 'name is required');
  if (type === 'FromValue' && value === undefined)
    missing(`${at}.value`, 'value connection detail requires a value');
  if (type === 'FromConnectionSecretKey' && fromConnectionSecretKey === undefined)
    missing(
      `${at}.fromConnectionSecretKey`,
      'from connection secret key connection detail requires a key',
    );
  if (type === 'FromFieldPath' && fromFieldPath === undefined)
    missing(`${at}.fromFieldPath`, 'from field path connection detail requires a field path');
}

function validateReadinessCheck(check: ReadinessCheck, at: string): void {
  const { type, fieldPath, matchString, matchInteger, matchCondition } = check;
  switch (type) {
    case 'None':
      return;
    case 'MatchCondition':
      if (matchCondition === undefined) return;
      for (const field of ['type', 'status'] as const) {
        const why = 'cannot be empty for type MatchCondition';
        demand(matchCondition[field], `${at}.matchCondition.${field}`, why);
      }
      return;
    case 'MatchString':
      if (matchString === undefined)
        missing(`${at}.matchString`, 'cannot be nil for type MatchString');
      break;
    case 'MatchInteger':
      if (matchInteger === undefined)
        missing(`${at}.matchInteger`, 'cannot be nil for type MatchInteger');
      break;
    case 'NonEmpty':
    case 'MatchTrue':
    case 'MatchFalse':
      break;
    default:
      invalid(`${at}.type`, type, 'unknown readiness check type');
  }
  if (fieldPath === undefined) missing(`${at}.fieldPath`, 'cannot be empty');
}

function demand(value: string | undefined, at: string, why: string): void {
  if (value === undefined || value === '') missing(at, why);
}

function missing(at: string, why: string): never {
  throw new InvalidInput(`${at}: Required value: ${why}`);
}

function invalid(at: string, value: string, why: string): never {
  throw new InvalidInput(`${at}: Invalid value: ${JSON.stringify(value)}: ${why}`);
}
