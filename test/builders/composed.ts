/** What a Composition makes of a claim: its templates, run through the local function-patch-and-transform. */
import { App, Chart } from 'cdk8s';
import { Composition } from '../../src/definition/composition.js';
import type { RenderedTemplate } from '../../src/definition/template/rendered-template.js';
import type { Resources } from '../../src/definition/template/resources.js';
import { patchAndTransform } from '../../src/local/crossplane/functions/patch-and-transform/function.js';
import { apiVersionOf, CLAIM_API } from '../../src/model/claim/api.js';
import { SPEC } from '../../src/model/claim/spec.js';
import type { Form } from '../../src/model/managed/kind.js';
import { segmentsOf } from '../../src/model/paths.js';
import { aClaim } from './claim.js';
import { withDefaults } from './defaults.js';

const ACCOUNT = '000000000042';

/** What the composite knows once every resource has been seen in AWS. */
export const KNOWN_STATUS = {
  accountId: ACCOUNT,
  primary: {
    topic: { arn: `arn:aws:sns:us-east-1:${ACCOUNT}:payment-notifications-primary-dev` },
    bucket: { versioning: 'Enabled' },
  },
  secondary: {
    topic: { arn: `arn:aws:sns:us-west-2:${ACCOUNT}:payment-notifications-secondary-dev` },
    bucket: { versioning: 'Enabled' },
  },
};

/** As Crossplane makes the composite of the claim `team-payments/checkout`. */
const METADATA: Readonly<Record<Form, object>> = {
  cluster: {
    name: 'checkout-x7k2q',
    labels: {
      'crossplane.io/claim-namespace': 'team-payments',
      'crossplane.io/claim-name': 'checkout',
    },
  },
  namespaced: { name: 'checkout', namespace: 'team-payments' },
};

export interface ComposeOptions {
  readonly form?: Form;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  /** Composed resources as they are in the cluster, by the names of their templates. */
  readonly observed?: Readonly<Record<string, Composed>>;
}

export type Composed = Readonly<Record<string, unknown>>;

export interface Answer {
  /** The resources by the names of their templates. Those that wait for a value are not there. */
  readonly resources: ReadonlyMap<string, Composed>;
  readonly status: unknown;
}

export function inputOf(form: Form): ReturnType<Resources['render']> {
  return new Composition(new Chart(new App(), 'test'), form).resources.render();
}

export function templatesOf(form: Form): readonly RenderedTemplate[] {
  return inputOf(form).resources;
}

/** Rejects where the function would stop the whole composite. */
export async function run({
  form = 'cluster',
  spec,
  status = KNOWN_STATUS,
  observed = {},
}: ComposeOptions = {}): Promise<Answer> {
  const type = { apiVersion: apiVersionOf(form), kind: CLAIM_API[form].composite.kind };
  const composite = {
    ...type,
    metadata: METADATA[form],
    spec: withDefaults(aClaim(spec).spec, SPEC),
    status,
  };
  const { desired, results } = await patchAndTransform({
    input: { ...inputOf(form) },
    desired: { resources: {} },
    observed: {
      composite: { resource: composite },
      resources: Object.fromEntries(
        Object.entries(observed).map(([name, resource]) => [name, { resource }]),
      ),
    },
  });
  const fatal = results.find(({ severity }) => severity === 'SEVERITY_FATAL');
  if (fatal !== undefined) throw new Error(fatal.message);
  const made = Object.entries(desired.resources).map(
    ([name, { resource }]) => [name, resource] as const,
  );
  return { resources: new Map(made), status: desired.composite?.resource.status };
}

export async function compose(options?: ComposeOptions): Promise<Answer['resources']> {
  return (await run(options)).resources;
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
