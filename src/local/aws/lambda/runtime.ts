/**
 * The program inside a function's process: takes events from the Lambda Runtime API, hands them to the bundle's handler,
 * and posts back what comes of it. Built to `dist/lambda-runtime.js`; what the base image's runtime does in AWS.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { readdirSync } from 'node:fs';
import * as http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

import { MAX_MEMORY_HEADER } from './max-memory-header.js';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const api = `http://${required('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;
const agent = new http.Agent({ keepAlive: true });
let requestId: string | undefined;

async function run(): Promise<void> {
  logAsLambdaDoes();
  let handler: Handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    await post('/init/error', describe(error));
    process.exit(1);
  }
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    const id = String(headers['lambda-runtime-aws-request-id']);
    requestId = id;
    const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
    const context = {
      awsRequestId: id,
      functionName: required('AWS_LAMBDA_FUNCTION_NAME'),
      functionVersion: '$LATEST',
      logGroupName: required('AWS_LAMBDA_LOG_GROUP_NAME'),
      logStreamName: required('AWS_LAMBDA_LOG_STREAM_NAME'),
      memoryLimitInMB: required('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
      invokedFunctionArn: String(headers['lambda-runtime-invoked-function-arn']),
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    };
    try {
      const result = await handler(JSON.parse(body), context);
      await post(`/invocation/${id}/response`, result ?? null);
    } catch (error) {
      const described = describe(error);
      const { errorType, errorMessage, trace: stack } = described;
      console.error('Invoke Error', `\t${JSON.stringify({ errorType, errorMessage, stack })}`);
      await post(`/invocation/${id}/error`, described);
    }
  }
}

/** What the console writes, as AWS's runtime does: time, request, level; one line, so that it becomes one log event. */
function logAsLambdaDoes(): void {
  const levels = {
    log: 'INFO',
    info: 'INFO',
    debug: 'DEBUG',
    warn: 'WARN',
    error: 'ERROR',
  } as const;
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    console[method] = (...values: unknown[]) => {
      const message = format(...values).replaceAll('\n', '\r');
      const id = requestId ?? 'undefined';
      process.stdout.write(`${new Date().toISOString()}\t${id}\t${levels[method]}\t${message}\n`);
    };
  }
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = required('_HANDLER').split('.');
  const root = required('LAMBDA_TASK_ROOT');
  const found = readdirSync(root).find(
    (entry) => /^\.(mjs|js|cjs)$/.test(entry.slice(file.length)) && entry.startsWith(file),
  );
  if (found === undefined) throw new Error(`Cannot find module '${file}' in ${root}`);
  const module = (await import(pathToFileURL(join(root, found)).href)) as Record<string, unknown>;
  const handler = module[name];
  if (typeof handler !== 'function')
    throw new Error(`${file}.${name} is undefined or not exported`);
  return handler as Handler;
}

/** An error as Lambda reports it to the caller. */
function describe(error: unknown) {
  if (error instanceof Error) {
    return {
      errorType: error.name,
      errorMessage: error.message,
      trace: (error.stack ?? '').split('\n'),
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function post(path: string, value: unknown): Promise<unknown> {
  return call('POST', path, JSON.stringify(value));
}

function call(
  method: string,
  path: string,
  payload?: string,
): Promise<{ headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    http
      .request(
        `${api}${path}`,
        {
          method,
          agent,
          headers: {
            'content-type': 'application/json',
            [MAX_MEMORY_HEADER]: Math.round(process.resourceUsage().maxRSS / 1024),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      )
      .on('error', reject)
      .end(payload);
  });
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

// The platform went away: there is nobody left to tell.
run().catch(() => process.exit(1));
