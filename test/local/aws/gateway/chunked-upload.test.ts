import { describe, expect, test } from '@jest/globals';

import { assembleUpload } from '../../../../src/local/aws/gateway/chunked-upload.js';
import {
  hmac,
  SignatureError,
  type Signature,
} from '../../../../src/local/aws/gateway/signature.js';

/** The example of "Signature calculations for the Authorization header: transferring payload in multiple chunks". */
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const SEED: Signature = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  scope: { date: '20130524', region: 'us-east-1', service: 's3' },
  signedHeaders: ['host'],
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  timestamp: '20130524T000000Z',
  sessionToken: undefined,
  expiresSeconds: undefined,
};
const KEY = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${SECRET}`, '20130524'));
const FIRST = 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
const SECOND = '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497';
const LAST = 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9';
const PAYLOAD = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

function theExample({ second = 'a'.repeat(1024), last = LAST } = {}): Buffer {
  return Buffer.from(
    `10000;chunk-signature=${FIRST}\r\n${'a'.repeat(65_536)}\r\n` +
      `400;chunk-signature=${SECOND}\r\n${second}\r\n` +
      `0;chunk-signature=${last}\r\n\r\n`,
  );
}

describe('a chunked upload', () => {
  test('is put together when every signature fits, as in the example of AWS', () => {
    const { body } = assembleUpload(theExample(), PAYLOAD, '66560', SEED, KEY);
    expect(body.equals(Buffer.from('a'.repeat(66_560)))).toBe(true);
  });

  test.each([
    {
      sentence: 'whose chunk was changed on the way',
      upload: theExample({ second: 'b'.repeat(1024) }),
    },
    { sentence: 'whose last signature is another', upload: theExample({ last: FIRST }) },
  ])('$sentence is refused', ({ upload }) => {
    expect(() => assembleUpload(upload, PAYLOAD, undefined, SEED, KEY)).toThrow(SignatureError);
  });

  test('that was cut off at a chunk is refused', () => {
    const upload = theExample().subarray(0, -90);
    expect(() => assembleUpload(upload, PAYLOAD, undefined, SEED, KEY)).toThrow(
      expect.objectContaining({ code: 'IncompleteBody' }),
    );
  });

  test('of another length than announced is refused', () => {
    expect(() => assembleUpload(theExample(), PAYLOAD, '66559', SEED, KEY)).toThrow(
      expect.objectContaining({ code: 'IncompleteBody' }),
    );
  });

  test('without signatures brings its checksum in the trailer', () => {
    const upload = Buffer.from('3\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:hYfYWg==\r\n\r\n');
    const kind = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    expect(assembleUpload(upload, kind, '5', SEED, KEY)).toEqual({
      body: Buffer.from('abcde'),
      trailers: { 'x-amz-checksum-crc32': 'hYfYWg==' },
    });
  });

  test('in a form nobody here knows is refused', () => {
    expect(() =>
      assembleUpload(Buffer.alloc(0), 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', '0', SEED, KEY),
    ).toThrow(expect.objectContaining({ code: 'NotImplemented' }));
  });
});
