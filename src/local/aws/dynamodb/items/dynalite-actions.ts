/**
 * dynalite's item operations: what a request may look like, and what it does to items.
 *
 * `validate` refuses as AWS does, serialization first, then constraints, then expressions, and returns the request with its
 * expressions parsed; `act` runs it on a transaction.
 */
import batchGetItem from 'dynalite/actions/batchGetItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import { AwsError } from '../../service.js';
import { refuseOverlooked } from './overlooked.js';
import type { ItemTransaction } from './transaction.js';

const RULES = {
  BatchGetItem: batchGetItemRules,
  BatchWriteItem: batchWriteItemRules,
  CreateTable: createTableRules,
  DeleteItem: deleteItemRules,
  GetItem: getItemRules,
  PutItem: putItemRules,
  Query: queryRules,
  Scan: scanRules,
  UpdateItem: updateItemRules,
};

const ACTIONS = {
  BatchGetItem: batchGetItem,
  DeleteItem: deleteItem,
  GetItem: getItem,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  UpdateItem: updateItem,
};

export type ActionName = keyof typeof ACTIONS;

/** Of an expression, in bytes. */
const MAX_EXPRESSION_BYTES = 4096;
/** dynalite's parser takes four times as long for each level of parentheses: at seven about half a second. */
const MAX_PARENTHESES = 7;
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
] as const;

const LIMITS = { options: { maxItemSize: 409_600 } };

export function validate(operation: keyof typeof RULES, input: object): Record<string, unknown> {
  const { types, custom } = RULES[operation];
  try {
    // dynalite removes what it does not know from the object it is given.
    const data = validations.checkTypes(structuredClone(input), types);
    refuseHeavy(data);
    validations.checkValidations(data, types, custom, LIMITS);
    refuseOverlooked(operation, data, input);
    return data;
  } catch (error) {
    // dynalite stumbles over null where a structure should be.
    if (error instanceof TypeError) {
      throw new AwsError('SerializationException', 'Unexpected value type in payload');
    }
    throw toAwsError(error);
  }
}

/** dynalite knows no limits: what is beyond AWS's overflows its stack, what is nested holds the process. */
function refuseHeavy(data: Readonly<Record<string, unknown>>): void {
  for (const name of EXPRESSIONS) {
    const expression = data[name];
    if (typeof expression !== 'string') continue;
    const size = Buffer.byteLength(expression);
    const why =
      size > MAX_EXPRESSION_BYTES
        ? `Expression size has exceeded the maximum allowed size; expression size: ${size}`
        : depthOf(expression) > MAX_PARENTHESES
          ? `The local DynamoDB reads no more than ${MAX_PARENTHESES} levels of parentheses`
          : undefined;
    if (why === undefined) continue;
    throw new AwsError('ValidationException', `Invalid ${name}: ${why}`);
  }
}

function depthOf(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of expression) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

export function act(
  action: ActionName,
  transaction: ItemTransaction,
  data: object,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    ACTIONS[action](transaction, data, (error, output) => {
      if (error !== null && error !== undefined) reject(toAwsError(error));
      else resolve(output ?? {});
    });
  });
}

/** Errors of dynalite carry the response's body; everything else is passed on as it is. */
export function toAwsError(error: unknown): Error {
  const { body, statusCode } = error as { body?: DynaliteBody; statusCode?: number };
  if (body === undefined) return error as Error;
  const code = body.__type.slice(body.__type.indexOf('#') + 1);
  const message = body.message ?? body.Message ?? '';
  return new AwsError(code, message.replace(...EMPTY_KEY), statusCode ?? 400);
}

/** An empty key is worded in one way, wherever it stands; dynalite has two. */
const EMPTY_KEY = [
  /^One or more parameter values were invalid: (?=The AttributeValue for a key attribute cannot)/,
  'One or more parameter values are not valid. ',
] as const;

interface DynaliteBody {
  readonly __type: string;
  readonly message?: string;
  readonly Message?: string;
}
