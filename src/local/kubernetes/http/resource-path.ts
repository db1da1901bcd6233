/** Resource paths: `/api/v1/namespaces/a/configmaps/b` and `/apis/<group>/<version>/…`, taken apart. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** Empty outside namespaces, and for all of them. */
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

/** Undefined for a path that names no resource. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const steps = decodeSteps(path);
  const [root] = steps;
  const isCore = root === 'api';
  if (!isCore && root !== 'apis') return undefined;
  const [group, version, rest] = isCore
    ? ['', steps[1], steps.slice(2)]
    : [steps[1], steps[2], steps.slice(3)];
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  const [first = '', second, third, ...more] = rest;
  const isInNamespace =
    first === 'namespaces' && third !== undefined && !isNamespaceSubresource(third, more, isCore);
  const [namespace, plural, name, subresource, ...surplus]: (string | undefined)[] = isInNamespace
    ? [second ?? '', third, ...more]
    : ['', first, second, third, ...more];
  if (surplus.length > 0) return undefined;
  return {
    group,
    version,
    namespace: namespace ?? '',
    plural: plural ?? '',
    name: name ?? '',
    subresource: subresource ?? '',
  };
}

function isNamespaceSubresource(step: string, more: readonly string[], isCore: boolean): boolean {
  return isCore && more.length === 0 && ['status', 'finalize'].includes(step);
}

function decodeSteps(path: string): string[] {
  try {
    return path
      .split('/')
      .slice(1)
      .filter((step, index, all) => step !== '' || index < all.length - 1)
      .map(decodeURIComponent);
  } catch {
    return [];
  }
}
