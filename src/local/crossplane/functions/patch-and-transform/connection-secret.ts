/**
 * The Secret that holds the connection details of a composite which has no connection secret of its own, as composites of
 * version 2 have none: one more composed resource, made as soon as there are details.
 *
 * Its name and namespace are those that the composite's author gave the composite a field for, else the function's input,
 * else `<composite>-connection` beside the composite; patches of the input change them last.
 */
import { CONNECTION_SECRET_TYPE } from '../../names.js';
import { parseFieldPath, readField } from '../field-path.js';
import { type Json, type JsonMap, isMap } from '../go/value.js';
import type { Resource } from '../protocol.js';
import { Document } from './document.js';
import type { ConnectionSecretTarget } from './input.js';
import { applyPatch } from './patch.js';

/** Under this name the Secret stands among the composed resources. */
export const CONNECTION_SECRET = 'connection-secret';

const PATCHES: ReadonlySet<string> = new Set(['FromCompositeFieldPath', 'CombineFromComposite']);

/** `undefined` where there is nothing to hold, or Crossplane itself holds it. */
export function composeConnectionSecret(
  composite: Document,
  details: Readonly<Record<string, string>>,
  target: ConnectionSecretTarget | undefined,
): Resource | undefined {
  const hasOwnSecret = lookUp(composite.object, 'spec.crossplane') === undefined;
  if (hasOwnSecret || Object.keys(details).length === 0) return undefined;
  const { name, namespace } = patched(placeOf(composite.object, target), composite, target);
  const metadata = {
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
  };
  return {
    resource: {
      apiVersion: 'v1',
      kind: 'Secret',
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      type: CONNECTION_SECRET_TYPE,
      data: { ...details },
    },
    ready: 'READY_TRUE',
  };
}

/** Empty where nobody says: Crossplane then gives a name, and the composite's namespace. */
interface Place {
  readonly name: string;
  readonly namespace: string;
}

function placeOf(composite: JsonMap, target: ConnectionSecretTarget | undefined): Place {
  const own = lookUp(composite, 'spec.writeConnectionSecretToRef') ?? null;
  if (isMap(own)) return { name: textOf(own.name), namespace: textOf(own.namespace) };
  if (target !== undefined && (target.name !== '' || target.namespace !== '')) return target;
  const { name, namespace } = isMap(composite.metadata) ? composite.metadata : {};
  return { name: `${textOf(name)}-connection`, namespace: textOf(namespace) };
}

function patched(
  place: Place,
  composite: Document,
  target: ConnectionSecretTarget | undefined,
): Place {
  const { name, namespace } = place;
  const reference = new Document({ apiVersion: 'v1', kind: 'SecretReference', name, namespace });
  for (const [i, patch] of (target?.patches ?? []).entries()) {
    const which = `patch type ${patch.type} at index ${String(i)}`;
    if (!PATCHES.has(patch.type)) throw new Error(`${WHAT}: unsupported ${which}`);
    try {
      applyPatch(patch, composite, reference);
    } catch (cause) {
      const isOptional = patch.policy?.fromFieldPath !== 'Required';
      // Of a patch that combines fields the real function asks no policy.
      if (patch.type === 'FromCompositeFieldPath' && isOptional) continue;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${WHAT}: cannot apply ${which}: ${why}`, { cause });
    }
  }
  const { object } = reference;
  return { name: textOf(object.name, name), namespace: textOf(object.namespace, namespace) };
}

const WHAT = 'cannot generate connection secret reference: cannot apply connection secret patches';

const textOf = (value: Json | undefined, other = ''): string =>
  typeof value === 'string' ? value : other;

/** Any error of the path counts as absent. */
function lookUp(composite: JsonMap, path: string): Json | undefined {
  try {
    return readField(composite, parseFieldPath(path));
  } catch {
    return undefined;
  }
}
