/** Phase: what the specification refers to is looked up, and what this provider cannot do is refused before anything is done. */
import { isRecord } from '../external/drift.js';
import { failingAs } from './failure.js';
import { resolveReferences } from './references.js';
import type { Round } from './round.js';

export async function resolve(round: Round): Promise<void> {
  const { kind, resource, world } = round;
  const { references = [] } = kind.external;
  await failingAs('CannotResolveResourceReferences', 'cannot resolve references', () => {
    for (const part of ['forProvider', 'initProvider'] as const) {
      const parameters = resource.spec?.[part];
      if (parameters === undefined) continue;
      const resolved = resolveReferences(parameters, references, resource, world.kinds);
      if (resolved !== parameters) round.editSpec({ [part]: resolved });
    }
  });
  await failingAs(
    'CannotInitializeManagedResource',
    'cannot initialize the managed resource',
    () => {
      refuseUnsupported(round);
    },
  );
}

/** Fields of the kind's schema on which this provider does not act: taking them in silence would be a lie. */
function refuseUnsupported({ kind, resource }: Round): void {
  const allowed = new Set(['region', ...kind.external.fields]);
  for (const { field } of kind.external.references ?? []) {
    allowed.add(`${field}Ref`).add(`${field}Selector`);
  }
  for (const part of ['forProvider', 'initProvider'] as const) {
    const path = unsupportedPath(resource.spec?.[part], '', allowed);
    if (path !== undefined) {
      throw new Error(`spec.${part}.${path} is not supported by the local provider`);
    }
  }
  if (resource.spec?.writeConnectionSecretToRef !== undefined) {
    throw new Error(
      'spec.writeConnectionSecretToRef is not supported by the local provider: its kinds have no connection details',
    );
  }
}

function unsupportedPath(
  value: unknown,
  path: string,
  allowed: ReadonlySet<string>,
): string | undefined {
  if (allowed.has(path)) return undefined;
  if (Array.isArray(value)) {
    return value
      .map((item) => unsupportedPath(item, path, allowed))
      .find((found) => found !== undefined);
  }
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const found = unsupportedPath(inner, path === '' ? key : `${path}.${key}`, allowed);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return value === undefined || path === '' ? undefined : path;
}
