import { describe, expect, test } from '@jest/globals';
import { readProtobuf } from '../../../../src/local/kubernetes/protobuf/protobuf-body.js';
import { messageField, textField } from '../../../../src/local/kubernetes/protobuf/writer.js';

/** As a client written in Go sends it: the type, then the object. */
function sent(apiVersion: string, kind: string, ...fields: Buffer[]): Buffer {
  const type = Buffer.concat([textField(1, apiVersion), textField(2, kind)]);
  const object = Buffer.concat(fields);
  return Buffer.concat([Buffer.from('k8s\0'), messageField(1, type), messageField(2, object)]);
}

describe('an empty text in protobuf', () => {
  test('is kept where Go holds it by pointer: the holder of a lease that was released', () => {
    const body = sent('coordination.k8s.io/v1', 'Lease', messageField(2, textField(1, '')));
    expect(readProtobuf(body)).toMatchObject({ spec: { holderIdentity: '' } });
  });

  test('is left out elsewhere, as Go sends it always', () => {
    const body = sent('v1', 'Secret', textField(3, ''));
    expect(readProtobuf(body)).toEqual({ apiVersion: 'v1', kind: 'Secret' });
  });
});
