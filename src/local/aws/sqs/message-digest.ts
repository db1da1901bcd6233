/** The MD5 digests by which senders check that a message arrived whole: clients compare them. */
import { createHash } from 'node:crypto';

import type { MessageAttribute } from './queue.js';

export function digestOf(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * Over the attributes in the order of their names; `undefined` where there are none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesDigest(
  attributes: Readonly<Record<string, MessageAttribute>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([StringValue === undefined ? 2 : 1]));
    add(
      StringValue === undefined
        ? Buffer.from(BinaryValue ?? '', 'base64')
        : Buffer.from(StringValue),
    );
  }
  return hash.digest('hex');
}
