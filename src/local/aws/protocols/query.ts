/**
 * The query protocol: a form goes in, XML comes out (IAM, STS, SNS, CloudWatch's older clients).
 *
 * `Tags.member.1.Key=team` becomes `{Tags: [{Key: 'team'}]}`; the way back writes lists as `<member>` and maps as `<entry>`.
 */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import type { Output, Protocol } from './protocol.js';
import { writeXml } from './xml.js';

export interface QueryDialect {
  readonly xmlNamespace: string;
  /** The API version a request must name. */
  readonly version: string;
}

/** Deeper than any input of these APIs. */
const MAX_DEPTH = 24;
const FORM = 'application/x-www-form-urlencoded';

export function queryProtocol({ xmlNamespace, version }: QueryDialect): Protocol {
  return {
    speaks: ({ method, headers, query }) =>
      headers['content-type']?.startsWith(FORM) === true ||
      (method === 'GET' && query.has('Action')),
    read: (request) => {
      const { Action: action, Version: given, ...input } = readForm(request);
      if (typeof action !== 'string' || action === '') {
        throw new AwsError('MissingAction', 'The request must contain the parameter Action.', 400);
      }
      if (given !== undefined && given !== version) {
        throw new AwsError(
          'NoSuchVersion',
          `The API version ${JSON.stringify(given)} is not known.`,
          400,
        );
      }
      return { operation: action, input };
    },
    write: (operation, output, request) => {
      const result = writeXml(`${operation}Result`, output);
      const metadata = `<ResponseMetadata><RequestId>${request.id}</RequestId></ResponseMetadata>`;
      const body = `<${operation}Response xmlns="${xmlNamespace}">${result}${metadata}</${operation}Response>`;
      return xmlResponse(200, body);
    },
    writeError: (error, request) => {
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      const detail = writeXml('Error', {
        Type: type,
        Code: error.code,
        Message: error.message,
        ...(error.fields as Output),
      });
      const body = `<ErrorResponse xmlns="${xmlNamespace}">${detail}<RequestId>${request.id}</RequestId></ErrorResponse>`;
      return xmlResponse(error.status, body);
    },
  };
}

function xmlResponse(status: number, body: string): ServiceResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

type Tree = Map<string, Tree | string>;

/** The form's parameters, nested along their dots. Presigned calls bring them in the query. */
function readForm(request: ServiceRequest): Record<string, unknown> {
  const parameters = [
    ...[...request.query].filter(([name]) => !name.startsWith('X-Amz-')),
    ...new URLSearchParams(request.body.toString('utf8')),
  ];
  const root: Tree = new Map();
  for (const [name, value] of parameters) {
    const path = name.split('.');
    if (path.length > MAX_DEPTH)
      throw new AwsError('MalformedQueryString', 'A parameter is nested too deeply.');
    plant(root, path, value);
  }
  return Object.fromEntries([...root].map(([name, child]) => [name, harvest(child)]));
}

function plant(tree: Tree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(head, value);
    return;
  }
  const child = tree.get(head);
  const branch: Tree = child instanceof Map ? child : new Map<string, Tree | string>();
  tree.set(head, branch);
  plant(branch, rest, value);
}

function harvest(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const [[onlyName, only] = ['', '']] = tree;
  if (tree.size === 1 && (onlyName === 'member' || onlyName === 'entry') && only instanceof Map) {
    return [...only]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, element]) => harvest(element));
  }
  return Object.fromEntries([...tree].map(([name, child]) => [name, harvest(child)]));
}
