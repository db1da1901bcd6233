/**
 * Calls that are nearly right, of every protocol: each is answered, with an error in the service's own form or, where the
 * change did no harm, as it should be.
 *
 * Seeded, so that a failure can be seen again; `FUZZ_SEED` and `FUZZ_RUNS` choose another walk and a longer one.
 */
import { Agent, request as send } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { cbor } from '@smithy/core/cbor';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../builders/seeded-random.js';
import { anAws, type AnAws } from '../an-aws.js';
import { signed, type PlainRequest } from './signed-request.js';
import { bodyOf, SHAPES, WELL_FORMED, type Shape, type WellFormed } from './well-formed.js';

const SEED = Number(process.env.FUZZ_SEED ?? 26);
const RUNS = Number(process.env.FUZZ_RUNS ?? 480);
/** Nothing that is asked here has to be waited for. */
const PATIENCE_MS = 5_000;

const RAW = '@raw@';
/** Deeper than a stack of calls. */
const DEEP = 20_000;
/** What takes the place of a value; text that begins with `RAW` goes into JSON as it stands behind it. */
const VALUES: readonly unknown[] = [
  null, true, -1, 0, 1.5, 1e21, -1e308, 9007199254740993n.toString(), '', ' ', 'x'.repeat(5000), '\u0000', '\ud800', 'é\u2028',
  '../..', '${x}', '%', '[', '{"a":', 'arn:aws:::', '1e999', 'NaN', [], {}, [null], [[1]], [{}], { a: 'b' }, { S: 'a', N: '1' },
  { 'a.b': [{ c: null }] }, { toString: 1, constructor: [] }, `${RAW}1e999`, `${RAW}{"__proto__":{"a":1}}`,
  `${RAW}${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, `${RAW}-0`, `${RAW}123456789012345678901234567890`,
]; // prettier-ignore
const NAMES = ['__proto__', 'constructor', 'x', '', 'Unknown.member.1', 'toString'];
const BYTES = [
  'ff',
  'fe00',
  'c328',
  'eda080',
  '00',
  '22',
  '7b',
  '5d',
  '3c',
  '26616d703b',
  '3c21454e544954593e',
  'df',
];

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

let aws: AnAws;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  aws = await anAws({ bundle: fileURLToPath(import.meta.url) });
  const s3 = new S3Client({ ...aws.clientOptions('us-east-1'), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'fuzz' }));
  s3.destroy();
  const makes = /^Create|^POST \/2015-03-31\/functions$/;
  for (const call of WELL_FORMED.filter(({ name }) => makes.test(name))) {
    await answerTo(call.service, call.request(bodyOf(call, call.input)));
  }
});
afterAll(async () => {
  agent.destroy();
  await aws.stop();
});

function answerTo(
  service: string,
  request: PlainRequest,
  change: (headers: Record<string, string>) => void = () => undefined,
): Promise<Answer> {
  const url = new URL(aws.regionUrls.get('us-east-1') ?? '');
  const headers = signed(request, service, url.host, aws.credentials);
  change(headers);
  return new Promise((resolve, reject) => {
    const { method, path } = request;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const call = send({ host: url.hostname, port: url.port, method, path, headers, agent, signal });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, body: Buffer.concat(chunks) });
      });
    });
    call.end(request.body);
  });
}

/** Whether an error is worded as the service words them. */
function isOwnError(shape: Shape, { headers, body }: Answer): boolean {
  const text = body.toString('utf8');
  switch (shape) {
    case 'json':
      return /^\{"__type":"[\w.#]+"/.test(text) && String(headers['content-type']).includes('json');
    case 'cbor':
      return (
        String(headers['content-type']) === 'application/cbor' &&
        typeof (cbor.deserialize(body) as { __type?: unknown }).__type === 'string'
      );
    case 'query':
      return /^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type><Code>\w+<\/Code>/.test(
        text,
      );
    case 'rest-xml':
      return text === '' || /^<\?xml [^>]*>\n<Error><Code>\w+<\/Code><Message>/.test(text);
    case 'rest-json':
      return typeof headers['x-amzn-errortype'] === 'string' && text.startsWith('{"Type":"User"');
  }
}

/** With another head it is another protocol that may be spoken. */
function faultOf(shapes: readonly Shape[], answer: Answer | Error): string | undefined {
  if (answer instanceof Error) return `no answer (${answer.message})`;
  // S3 says so of what it does not have.
  if (answer.status === 501 && isOwnError('rest-xml', answer)) return undefined;
  if (answer.status >= 500) return `${answer.status} ${answer.body.toString('utf8').slice(0, 200)}`;
  if (answer.status < 400 || shapes.some((shape) => isOwnError(shape, answer))) return undefined;
  return `${answer.status} in another form: ${answer.body.toString('utf8').slice(0, 200)}`;
}

const headOf = ({ body: _body, ...head }: PlainRequest) => head;

class Mutator {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  request(call: WellFormed): PlainRequest {
    const { input } = call;
    const isText = typeof input === 'string' || this.#next() < 0.2;
    const request = call.request(isText ? this.#bytes(bodyOf(call, input)) : this.#values(call));
    if (this.#next() < 0.8) return request;
    return this.pick([
      () => ({ ...request, headers: this.#text(request.headers) }),
      () => ({ ...request, path: this.#path(request.path) }),
      () => ({ ...request, method: this.pick(['GET', 'PUT', 'DELETE', 'HEAD', 'PATCH']) }),
    ])();
  }

  /** A few values, or names, are others. */
  #values(call: WellFormed): Buffer {
    const input = structuredClone(call.input);
    for (let left = 1 + Math.floor(this.#next() * 2); left > 0; left -= 1) {
      let place = input as Record<string, unknown>;
      let name = this.pick(Object.keys(place));
      while (typeof place[name] === 'object' && place[name] !== null && this.#next() < 0.7) {
        const within = place[name] as Record<string, unknown>;
        if (Object.keys(within).length === 0) break;
        place = within;
        name = this.pick(Object.keys(place));
      }
      if (this.#next() < 0.1) place[this.pick(NAMES)] = structuredClone(this.pick(VALUES));
      else if (this.#next() < 0.1) Reflect.deleteProperty(place, name);
      else place[name] = structuredClone(this.pick(VALUES));
    }
    const body = bodyOf(call, input).toString('latin1');
    const raw = new RegExp(`"${RAW}((?:[^"\\\\]|\\\\.)*)"`, 'g');
    const isJson = call.shape === 'json' || call.shape === 'rest-json';
    const written = isJson
      ? body.replace(raw, (_, text: string) => text.replaceAll('\\"', '"'))
      : body;
    return Buffer.from(written, 'latin1');
  }

  /** A few bytes are others, or gone. */
  #bytes(body: Buffer): Buffer {
    let bytes = body;
    for (let left = 1 + Math.floor(this.#next() * 3); left > 0; left -= 1) {
      const at = Math.floor(this.#next() * (bytes.length + 1));
      const gone = Math.floor(this.#next() * 6);
      const put = Buffer.from(this.pick(BYTES), 'hex');
      bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]);
    }
    return bytes;
  }

  #text(headers: PlainRequest['headers']): Record<string, string> {
    const names = Object.keys(headers);
    if (names.length === 0) return { 'content-encoding': 'gzip' };
    const values = [
      '',
      'x',
      '%',
      '-1',
      'DynamoDB_20120810.',
      'bytes=-',
      '9'.repeat(400),
      'a,b;c="d',
    ];
    return { ...headers, [this.pick(names)]: this.pick(values) };
  }

  #path(path: string): string {
    const at = 1 + Math.floor(this.#next() * path.length);
    const put = this.pick([
      '%',
      '%ff',
      '%00',
      '//',
      '?',
      '&x',
      '=',
      '..',
      'é'.normalize('NFD'),
      '+',
      ':',
    ]);
    return encodeURI(path.slice(0, at) + put + path.slice(at)).replaceAll('%25', '%');
  }
}

describe('a malformed call', () => {
  test('is answered, and refused in the form of its service', async () => {
    const mutator = new Mutator(SEED);
    const faults: string[] = [];
    const one = async () => {
      const call = mutator.pick(WELL_FORMED);
      const request = mutator.request(call);
      const answer = await answerTo(call.service, request).catch(
        (error: unknown) => error as Error,
      );
      const isSameHead = isDeepStrictEqual(headOf(request), headOf(call.request(request.body)));
      const fault = faultOf(isSameHead ? [call.shape] : SHAPES, answer);
      if (fault === undefined) return;
      const { method, path, headers, body } = request;
      const sent = `${method} ${path} ${JSON.stringify(headers)} ${body.toString('latin1').slice(0, 400)}`;
      faults.push(`${call.service} ${call.name}: ${fault}\n  ${sent}`);
    };
    for (let run = 0; run < RUNS; run += 8) await Promise.all(Array.from({ length: 8 }, one));
    expect(faults).toEqual([]);
  }, 600_000);

  test.each([
    {
      sentence: 'a document with entities of its own',
      name: 'PUT /fuzz?tagging',
      input: '<!DOCTYPE a [<!ENTITY b "c">]><Tagging><TagSet/></Tagging>',
      code: 'MalformedXML',
    },
    {
      sentence: 'a document nested too deeply',
      name: 'PUT /fuzz?tagging',
      input: `<Tagging>${'<a>'.repeat(DEEP)}${'</a>'.repeat(DEEP)}</Tagging>`,
      code: 'MalformedXML',
    },
    {
      sentence: 'a document that is too large',
      name: 'PUT /fuzz?tagging',
      input: `<Tagging>${' '.repeat(5 * 1024 * 1024)}</Tagging>`,
      code: 'MaxMessageLengthExceeded',
    },
    {
      sentence: 'a pattern that is too long',
      name: 'FilterLogEvents',
      input: { logGroupName: 'g', filterPattern: `{ ${'('.repeat(DEEP)} $.a = 1 }` },
      code: 'InvalidParameterException',
    },
    {
      sentence: 'an expression that is too long',
      name: 'PutItem',
      input: {
        TableName: 'fuzz',
        Item: { transaction_id: { S: 'a' } },
        ConditionExpression: `${'('.repeat(DEEP)}a = a${')'.repeat(DEEP)}`,
      },
      code: 'ValidationException',
    },
    {
      sentence: 'an expression as long as it may be, and nested',
      name: 'PutItem',
      input: {
        TableName: 'fuzz',
        Item: { transaction_id: { S: 'a' } },
        ConditionExpression: `${'('.repeat(2000)}a = a${')'.repeat(2000)}`,
      },
      code: 'ValidationException',
    },
  ])('with $sentence is refused', async ({ name, input, code }) => {
    const call = WELL_FORMED.find((one) => one.name === name);
    if (call === undefined) throw new Error(`${name} is not among the calls`);
    const answer = await answerTo(call.service, call.request(bodyOf(call, input)));
    expect([answer.status, isOwnError(call.shape, answer)]).toEqual([400, true]);
    expect(answer.body.toString()).toContain(code);
  });

  test.each([
    { sentence: 'no signature', change: (h: Record<string, string>) => delete h.authorization },
    { sentence: 'half a signature', change: cut('authorization', / Signature=.*/, '') },
    {
      sentence: 'another signature',
      change: cut('authorization', /Signature=.{8}/, 'Signature=00000000'),
    },
    {
      sentence: 'a credential without its parts',
      change: cut('authorization', /\/aws4_request/, ''),
    },
    { sentence: 'another algorithm', change: cut('authorization', /AWS4-HMAC-SHA256/, 'AWS3') },
    { sentence: 'a date that is none', change: cut('x-amz-date', /T/, ' ') },
    {
      sentence: 'another hash of its body',
      change: cut('x-amz-content-sha256', /^.{8}/, '00000000'),
    },
    {
      sentence: 'keys that nobody has',
      change: cut('authorization', /Credential=\w{8}/, 'Credential=AKIAXXXX'),
    },
  ])('with $sentence is refused by every service', async ({ change }) => {
    const perProtocol = new Map(WELL_FORMED.map((call) => [`${call.service} ${call.shape}`, call]));
    const faults = [];
    for (const call of perProtocol.values()) {
      const request = call.request(bodyOf(call, call.input));
      const answer = await answerTo(call.service, request, change);
      const isRefused = answer.status >= 400 && answer.status < 500;
      if (!isRefused || !isOwnError(call.shape, answer)) {
        faults.push(`${call.service} ${call.shape}: ${answer.status} ${answer.body.toString()}`);
      }
    }
    expect(faults).toEqual([]);
  });
});

function cut(name: string, pattern: RegExp, by: string) {
  return (headers: Record<string, string>) => {
    headers[name] = (headers[name] ?? '').replace(pattern, by);
  };
}
