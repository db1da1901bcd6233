/**
 * What a new claim will be made of in the end: composed as if everything that its resources wait for were there already.
 *
 * What AWS will answer nobody knows before, so each awaited field holds a word that says as much. Promises the kind, the name
 * and the region of each resource, which depend on no answer; not its other fields.
 */
import { segmentsOf } from '../../model/paths.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import { compose, type ComposedResource, type ComposeOptions } from './compose.js';
import type { Waiting } from './waiting.js';

const KNOWN_LATER = 'known-later';

export interface Foreseen {
  /** In the order of the Composition. */
  readonly resources: readonly ComposedResource[];
  /** Of these, the ones that are not made at once, by template. */
  readonly waiting: readonly Waiting[];
}

/** Throws as `compose` does. */
export async function foresee(options: Omit<ComposeOptions, 'observed'>): Promise<Foreseen> {
  const atOnce = await compose(options);
  let last = atOnce;
  while (last.waiting.length > 0) {
    const fields = last.waiting.flatMap((one) => one.for.map(({ field }) => field));
    const subject = fields.reduce(withField, last.composite);
    const next = await compose({ ...options, subject });
    if (next.waiting.length === last.waiting.length) break; // it waits for something else than a field
    last = next;
  }
  return { resources: last.resources, waiting: atOnce.waiting };
}

function withField(object: KubernetesObject, field: string): KubernetesObject {
  return withValue(object, segmentsOf(field)) as KubernetesObject;
}

function withValue(value: unknown, [segment, ...rest]: readonly string[]): unknown {
  if (segment === undefined) return value ?? KNOWN_LATER;
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [segment]: withValue(fields[segment], rest) };
}
