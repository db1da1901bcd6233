/** What DynamoDB refuses of item operations, in its words, and dynalite overlooks. */
import { validationError } from '../tables.js';

type Data = Readonly<Record<string, unknown>>;

const OLD_VALUES = ['ALL_OLD', 'NONE'];
/** Of an IN. */
const MAX_LIST = 100;
const MAX_SEGMENTS = 1_000_000;

/** `data` is the input as dynalite reads it, without what it does not know. Throws ValidationException. */
export function refuseOverlooked(operation: string, data: Data, input: object): void {
  const { ReturnValuesOnConditionCheckFailure: wanted } = input as Data;
  if (typeof wanted === 'string' && !OLD_VALUES.includes(wanted)) {
    throw validationError(
      `1 validation error detected: Value '${wanted}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [${OLD_VALUES.join(', ')}]`,
    );
  }
  refuseLongLists('ConditionExpression', data._condition);
  refuseLongLists('FilterExpression', data._filter);
  if (operation === 'Query') {
    // Query says it as of a constraint, Scan bare.
    refuseSelection(data, '1 validation error detected: ');
    refuseEmptyKeys(data);
  }
  if (operation === 'Scan') {
    refuseSelection(data, '');
    refuseSegments(data);
  }
  if (operation === 'BatchWriteItem') refuseDoubleRequests(data);
}

/** A condition as dynalite parses it: a node with nodes and operands in it. */
interface Parsed {
  readonly expression?: Node;
}

interface Node {
  readonly type?: string;
  readonly args?: readonly Node[];
}

function refuseLongLists(name: string, parsed: unknown): void {
  const waiting = [(parsed as Parsed | undefined)?.expression];
  for (const node of waiting) {
    const { type, args = [] } = node ?? {};
    waiting.push(...args);
    if (type !== 'in' || args.length - 1 <= MAX_LIST) continue;
    throw validationError(
      `Invalid ${name}: The IN operator is provided with too many operands; number of operands: ${args.length - 1}`,
    );
  }
}

/** What Select says against what is chosen by name. */
function refuseSelection(data: Data, prefix: string): void {
  const { Select: select, IndexName } = data as { Select?: string; IndexName?: string };
  const chosen = ['ProjectionExpression', 'AttributesToGet'].find(
    (name) => data[name] !== undefined,
  );
  if (select === undefined) return;
  if (select === 'SPECIFIC_ATTRIBUTES') {
    if (chosen !== undefined) return;
    throw validationError(
      `${prefix}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  }
  if (chosen !== undefined) {
    const what = select === 'COUNT' ? 'only the Count' : select;
    throw validationError(`${prefix}Cannot specify the ${chosen} when choosing to get ${what}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw validationError(
      `${prefix}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
    );
  }
}

function refuseEmptyKeys({ KeyConditions: conditions = {} }: Data): void {
  for (const [name, condition] of Object.entries(conditions as Record<string, KeyCondition>)) {
    const values = condition.AttributeValueList ?? [];
    const type = values.some(({ S }) => S === '')
      ? 'string'
      : values.some(({ B }) => B === '') && 'binary';
    if (type === false) continue;
    throw validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type} value. Key: ${name}`,
    );
  }
}

interface KeyCondition {
  readonly AttributeValueList?: readonly { readonly S?: string; readonly B?: string }[];
}

function refuseSegments({ TotalSegments: total }: Data): void {
  if (typeof total !== 'number' || total <= MAX_SEGMENTS) return;
  throw validationError(
    `1 validation error detected: Value '${total}' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to ${MAX_SEGMENTS}`,
  );
}

function refuseDoubleRequests({ RequestItems }: Data): void {
  const requests = Object.values(RequestItems as Record<string, readonly object[]>).flat();
  if (requests.every((request) => Object.keys(request).length === 1)) return;
  throw validationError(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}
