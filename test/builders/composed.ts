/**
 * What a Composition makes of a claim: its templates with the patches applied that the composite has values for.
 *
 * Speaks only the part of patch-and-transform that the definition uses, so that these tests need no engine.
 */
import { App, Chart } from 'cdk8s';
import { Composition } from '../../src/definition/composition.js';
import type { Patch, Transform } from '../../src/definition/template/patches.js';
import { Resources } from '../../src/definition/template/resources.js';
import type { RenderedTemplate } from '../../src/definition/template/template.js';
import { SPEC } from '../../src/model/claim/spec.js';
import type { Form } from '../../src/model/managed/kind.js';
import { segmentsOf } from '../../src/model/paths.js';
import { aClaim } from './claim.js';
import { withDefaults } from './defaults.js';

/** What the composite knows once every resource has been seen in AWS. */
export const KNOWN_STATUS = {
  accountId: '000000000042',
  primary: {
    topic: { arn: 'arn:aws:sns:us-east-1:000000000042:payment-notifications-primary-dev' },
    bucket: { versioning: 'Enabled' },
  },
  secondary: {
    topic: { arn: 'arn:aws:sns:us-west-2:000000000042:payment-notifications-secondary-dev' },
    bucket: { versioning: 'Enabled' },
  },
};

export interface ComposeOptions {
  readonly form?: Form;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

export type Composed = Readonly<Record<string, unknown>>;

export function templatesOf(form: Form): readonly RenderedTemplate[] {
  const chart = new Chart(new App(), 'test');
  const composition = new Composition(chart, form);
  const resources = composition.node.findAll().find((construct) => construct instanceof Resources);
  return resources?.render().resources ?? [];
}

/** The resources by the names of their templates. Those that wait for a value are not there. */
export function compose({
  form = 'cluster',
  spec,
  status = KNOWN_STATUS,
}: ComposeOptions = {}): ReadonlyMap<string, Composed> {
  const composite = { spec: withDefaults(aClaim(spec).spec, SPEC), status };
  const made = templatesOf(form).map(({ name, base, patches }) => {
    const resource = structuredClone(base) as Record<string, unknown>;
    const isWaiting = patches.some((patch) => !applyPatch(patch, composite, resource));
    return isWaiting ? [] : [[name, resource] as const];
  });
  return new Map(made.flat());
}

/** Whether the resource may be made. */
function applyPatch(patch: Patch, composite: unknown, resource: Record<string, unknown>): boolean {
  if (patch.type === 'ToCompositeFieldPath') return true;
  const value =
    patch.type === 'CombineFromComposite'
      ? combined(
          patch.combine.string.fmt,
          patch.combine.variables.map(({ fromFieldPath }) => at(composite, fromFieldPath)),
        )
      : (patch.transforms ?? []).reduce(transformed, at(composite, patch.fromFieldPath));
  if (value === undefined) return patch.policy === undefined;
  put(resource, segmentsOf(patch.toFieldPath), value);
  return true;
}

function combined(format: string, values: readonly unknown[]): string | undefined {
  if (values.includes(undefined)) return undefined;
  const rest = [...values];
  return format.replaceAll(/%[s%]/g, (verb) => (verb === '%%' ? '%' : String(rest.shift())));
}

function transformed(value: unknown, transform: Transform): unknown {
  if (value === undefined) return undefined;
  if (transform.type === 'map') return transform.map[value as string];
  if (transform.type === 'string') return undefined;
  const pattern = transform.match.patterns.find((candidate) =>
    candidate.type === 'literal'
      ? candidate.literal === value
      : new RegExp(candidate.regexp).test(value as string),
  );
  return pattern?.result;
}

/** The value at a path; lists by index. */
export function at(value: unknown, path: string): unknown {
  return segmentsOf(path).reduce<unknown>(
    (found, segment) =>
      typeof found === 'object' && found !== null
        ? (found as Record<string, unknown>)[segment]
        : undefined,
    value,
  );
}

function put(
  target: Record<string, unknown>,
  [segment = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    target[segment] = value;
    return;
  }
  const [next = ''] = rest;
  target[segment] ??= /^\d+$/.test(next) ? [] : {};
  put(target[segment] as Record<string, unknown>, rest, value);
}
