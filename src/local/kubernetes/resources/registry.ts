/**
 * The registry: which resources are served now.
 *
 * `built-in/` fills it at the start, `crds/definitions.ts` follows the CustomResourceDefinitions; requests, discovery
 * and OpenAPI read it. `revision` grows with every change, so that readers can keep what they made of it.
 */
import { apiVersionOf, type Resource } from './resource.js';

export class Registry {
  readonly #served = new Map<string, Map<string, Resource>>();
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  add(resource: Resource): void {
    const key = apiVersionOf(resource);
    const served = this.#served.get(key) ?? new Map<string, Resource>();
    served.set(resource.plural, resource);
    this.#served.set(key, served);
    this.#revision += 1;
  }

  remove(resource: Resource): void {
    const key = apiVersionOf(resource);
    const served = this.#served.get(key);
    if (served?.get(resource.plural) !== resource) return;
    served.delete(resource.plural);
    if (served.size === 0) this.#served.delete(key);
    this.#revision += 1;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#served.get(apiVersionOf({ group, version }))?.get(plural);
  }

  findKind(apiVersion: string, kind: string): Resource | undefined {
    return this.resourcesOf(apiVersion).find((resource) => resource.kind === kind);
  }

  isServed(group: string, version: string): boolean {
    return this.#served.has(apiVersionOf({ group, version }));
  }

  /** The resources of one group version, in the order of their plurals. */
  resourcesOf(apiVersion: string): Resource[] {
    const served = this.#served.get(apiVersion) ?? new Map<string, Resource>();
    return [...served.values()].sort((a, b) => (a.plural < b.plural ? -1 : 1));
  }

  all(): Resource[] {
    return [...this.#served.values()].flatMap((served) => [...served.values()]);
  }

  /** One resource per stored kind, whichever of its versions. */
  storedKinds(): Resource[] {
    return [...new Map(this.all().map((resource) => [resource.storage, resource])).values()];
  }

  /** The versions of each group, the preferred one first; groups in the order of their names. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, Set<string>>();
    for (const { group, version } of this.all()) {
      groups.set(group, (groups.get(group) ?? new Set()).add(version));
    }
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(sorted.map(([group, versions]) => [group, [...versions].sort(byPriority)]));
  }
}

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** The order in which versions are preferred: v2, v1, v1beta2, v1beta1, v1alpha1, then other names. */
export function byPriority(a: string, b: string): number {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (left === null || right === null) {
    if (left === null && right === null) return a < b ? -1 : 1;
    return left === null ? 1 : -1;
  }
  const rank = ([, major, stage, minor]: RegExpExecArray) =>
    [
      stage === undefined ? 2 : stage === 'beta' ? 1 : 0,
      Number(major),
      Number(minor ?? 0),
    ] as const;
  const [x, y] = [rank(left), rank(right)];
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
}
