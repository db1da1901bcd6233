/** Writes messages in the wire format of protocol buffers: a message is its fields, one after the other. */

/** Nothing for an absent value, as the format leaves it out. */
export function textField(number: number, value: string | undefined): Buffer {
  return value === undefined ? EMPTY : messageField(number, Buffer.from(value));
}

export function numberField(number: number, value: number | undefined): Buffer {
  return value === undefined ? EMPTY : Buffer.concat([tag(number, 0), varint(value)]);
}

export function doubleField(number: number, value: number | undefined): Buffer {
  if (value === undefined) return EMPTY;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, 1), bytes]);
}

export function flagField(number: number, value: boolean | undefined): Buffer {
  return value === true ? numberField(number, 1) : EMPTY;
}

/** Of a message within the message. */
export function messageField(number: number, message: Buffer): Buffer {
  return Buffer.concat([tag(number, 2), varint(message.length), message]);
}

const EMPTY = Buffer.alloc(0);

function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/** Of a number that is not negative. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
