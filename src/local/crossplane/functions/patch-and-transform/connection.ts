/** Connection details: what a composed resource contributes to its composite's, from its secret, its fields or the template. */
import { parseFieldPath, readField } from '../field-path.js';
import { marshal } from '../go/json.js';
import type { Json, JsonMap } from '../go/value.js';
import type { ConnectionDetail } from './input.js';

/** Base64, as in a Secret. A key or field that is not there yet is left out. */
export function extractConnectionDetails(
  observed: JsonMap,
  secret: Readonly<Record<string, string>>,
  details: readonly ConnectionDetail[],
): Record<string, string> {
  const out: Record<string, string> = {};
  for (const detail of details) {
    const value = extract(observed, secret, detail);
    if (value !== undefined) out[detail.name] = value;
  }
  return out;
}

function extract(
  observed: JsonMap,
  secret: Readonly<Record<string, string>>,
  detail: ConnectionDetail,
): string | undefined {
  switch (detail.type) {
    case 'FromValue':
      return encode(detail.value ?? '');
    case 'FromConnectionSecretKey':
      return secret[detail.fromConnectionSecretKey ?? ''];
    case 'FromFieldPath': {
      const value = readOptional(observed, detail.fromFieldPath ?? '');
      if (value === undefined) return undefined;
      return encode(typeof value === 'string' ? value : marshal(value));
    }
    default:
      return undefined;
  }
}

/** Any error of the path counts as absent: it may be written with a good value later. */
function readOptional(observed: JsonMap, path: string): Json | undefined {
  try {
    return readField(observed, parseFieldPath(path));
  } catch {
    return undefined;
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
