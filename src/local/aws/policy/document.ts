/**
 * Policy documents: read and checked once when written, compiled for evaluation.
 *
 * What the language does not have, or this evaluation does not know, is refused: a policy is never understood in part.
 */
import { AwsError } from '../service.js';
import { isOperator, type Condition } from './conditions.js';
import { compilePattern, type Pattern } from './pattern.js';

/** Where a policy stands, which decides what it must and must not say. */
export type PolicyKind =
  /** On a role: whose it is goes without saying. */
  | 'identity'
  /** On a bucket or a topic. */
  | 'resource'
  /** Who may become a role. */
  | 'trust';

export interface Policy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  readonly resources: Selection | undefined;
  readonly principals: PrincipalSelection | undefined;
  readonly conditions: readonly Condition[];
}

export interface Selection {
  readonly patterns: readonly Pattern[];
  /** `NotAction`, `NotResource`: everything but these. */
  readonly isNegated: boolean;
}

export interface PrincipalSelection {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser` → names; `*` stands for everyone. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly isNegated: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'];
const DOCUMENT_MEMBERS: readonly string[] = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const PRINCIPAL_KINDS: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Throws `AwsError` MalformedPolicyDocument, in IAM's words where it has some. */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = readJson(text);
  refuseUnknown(document, DOCUMENT_MEMBERS);
  const { Version: version = '2008-10-17', Statement: statement } = document;
  if (!VERSIONS.includes(version))
    throw malformed('The policy must contain a valid version string.');
  const list = statement === undefined ? [] : Array.isArray(statement) ? statement : [statement];
  if (list.length === 0) throw malformed('Syntax errors in policy.');
  const hasVariables = version === '2012-10-17';
  const statements = list.map((entry) => readStatement(entry, kind, hasVariables));
  const sids = statements.map(({ sid }) => sid).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.');
  }
  return { statements };
}

function readStatement(entry: unknown, kind: PolicyKind, hasVariables: boolean): Statement {
  const json = asObject(entry);
  refuseUnknown(json, STATEMENT_MEMBERS);
  const { Sid: sid, Effect: effect } = json;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Syntax errors in policy.');
  if (sid !== undefined && typeof sid !== 'string') throw malformed('Syntax errors in policy.');
  return {
    sid,
    effect,
    actions: readActions(json),
    resources: readResources(json, kind, hasVariables),
    principals: readPrincipals(json, kind),
    conditions: readConditions(json.Condition, hasVariables),
  };
}

function readActions(json: Json): Selection {
  const { names, isNegated } = either(json, 'Action', 'NotAction') ?? {};
  if (names === undefined || names.length === 0)
    throw malformed('Policy statement must contain actions.');
  for (const name of names) {
    if (name !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(name)) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
  }
  // Actions are compared without regard to case.
  const patterns = names.map((name) => compilePattern(name.toLowerCase(), false));
  return { patterns, isNegated: isNegated === true };
}

function readResources(json: Json, kind: PolicyKind, hasVariables: boolean): Selection | undefined {
  const { names, isNegated } = either(json, 'Resource', 'NotResource') ?? {};
  if (kind === 'trust') {
    if (names === undefined) return undefined;
    throw malformed('Has prohibited field Resource');
  }
  if (names === undefined || names.length === 0)
    throw malformed('Policy statement must contain resources.');
  for (const name of names) {
    if (name !== '*' && !name.startsWith('arn:')) {
      throw malformed(`Resource ${name} must be in ARN format or "*".`);
    }
  }
  const patterns = names.map((name) => compilePattern(name, hasVariables));
  return { patterns, isNegated: isNegated === true };
}

function readPrincipals(json: Json, kind: PolicyKind): PrincipalSelection | undefined {
  const { Principal: principal, NotPrincipal: notPrincipal } = json;
  const given = principal ?? notPrincipal;
  if (kind === 'identity') {
    if (given === undefined) return undefined;
    throw malformed('Policy document should not specify a principal.');
  }
  if (given === undefined) throw malformed('Missing required field Principal');
  if (principal !== undefined && notPrincipal !== undefined)
    throw malformed('Syntax errors in policy.');
  if (kind === 'trust' && notPrincipal !== undefined)
    throw malformed('Has prohibited field NotPrincipal');
  const isNegated = notPrincipal !== undefined;
  if (given === '*') return { names: new Map([['AWS', ['*']]]), isNegated };
  const entries = Object.entries(asObject(given)).map(([type, names]): [string, string[]] => {
    if (!PRINCIPAL_KINDS.includes(type)) throw malformed(`Invalid principal in policy: "${type}"`);
    return [type, asStrings(names)];
  });
  if (entries.length === 0) throw malformed('Syntax errors in policy.');
  return { names: new Map(entries), isNegated };
}

function readConditions(block: unknown, hasVariables: boolean): Condition[] {
  if (block === undefined) return [];
  return Object.entries(asObject(block)).flatMap(([operator, keys]) => {
    if (!isOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
    return Object.entries(asObject(keys)).map(([key, values]) => {
      // An identity provider stands before its keys with its address: `oidc.example.org/id/1:sub`.
      if (!/^[a-z0-9-][^\s:]*:.+$/i.test(key)) {
        throw malformed(
          'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
        );
      }
      const patterns = asStrings(values).map((value) => compilePattern(value, hasVariables));
      return { operator, key: key.toLowerCase(), name: key, values: patterns };
    });
  });
}

/** A member or its `Not…`, but not both. */
function either(
  json: Json,
  name: string,
  negated: string,
): { names: string[]; isNegated: boolean } | undefined {
  if (json[name] !== undefined && json[negated] !== undefined)
    throw malformed('Syntax errors in policy.');
  const given = json[name] ?? json[negated];
  return given === undefined
    ? undefined
    : { names: asStrings(given), isNegated: json[negated] !== undefined };
}

/** One value or a list; numbers and booleans stand for their text. */
function asStrings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((entry: unknown) => {
    if (typeof entry === 'string') return entry;
    if (typeof entry === 'number' || typeof entry === 'boolean') return String(entry);
    throw malformed('Syntax errors in policy.');
  });
}

function readJson(text: string): Json {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw malformed('Syntax errors in policy.');
  }
}

function asObject(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw malformed('Syntax errors in policy.');
}

function refuseUnknown(json: Json, known: readonly string[]): void {
  if (Object.keys(json).some((name) => !known.includes(name)))
    throw malformed('Syntax errors in policy.');
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}
