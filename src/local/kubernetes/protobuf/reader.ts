/** The wire format of protocol buffers: numbered fields, one after the other. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** Throws RangeError where the bytes end too early or have a type that no message here has. */
export function readFields(bytes: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError('a number does not end');
  };
  while (at < bytes.length) {
    const tag = Number(readVarint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) fields.push({ number, value: readVarint() });
    else if ((tag & 7) === 2) {
      const length = Number(readVarint());
      if (length < 0 || at + length > bytes.length) throw new RangeError('a field does not end');
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new RangeError(`wire type ${tag & 7} is not expected`);
  }
  return fields;
}
