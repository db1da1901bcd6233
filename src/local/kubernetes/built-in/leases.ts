/** Lease: who leads, and until when. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { isJsonObject } from '../json/json.js';
import { AGE_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import { builtIn, column, int32, microTime, pointer, struct, text } from './built-in.js';

export const leases = builtIn({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  description: 'Lease says who holds something, and for how long.',
  allowsCreateOnUpdate: true,
  allowsUnconditionalUpdate: false,
  properties: {
    spec: struct('LeaseSpec', 'Who holds the lease.', {
      holderIdentity: pointer(text('Who holds it.')),
      leaseDurationSeconds: pointer(
        int32('How long others wait after renewTime before they take it.'),
      ),
      acquireTime: pointer(microTime('When it was taken.')),
      renewTime: pointer(microTime('When it was last renewed.')),
      leaseTransitions: pointer(int32('How often the holder changed.')),
      strategy: pointer(text('How the holder is chosen.')),
      preferredHolder: pointer(text('Who should take it next.')),
    }),
  },
  prepareCreate: withoutCoordination,
  prepareUpdate: withoutCoordination,
  columns: [
    NAME_COLUMN,
    column('Holder', ({ spec }) =>
      isJsonObject(spec) && typeof spec.holderIdentity === 'string' ? spec.holderIdentity : '',
    ),
    AGE_COLUMN,
  ],
  validate: ({ spec }) => {
    const seconds = isJsonObject(spec) ? spec.leaseDurationSeconds : undefined;
    const transitions = isJsonObject(spec) ? spec.leaseTransitions : undefined;
    return [
      ...(typeof seconds === 'number' && seconds <= 0
        ? [
            {
              type: 'Invalid' as const,
              field: 'spec.leaseDurationSeconds',
              value: seconds,
              detail: 'must be greater than 0',
            },
          ]
        : []),
      ...(typeof transitions === 'number' && transitions < 0
        ? [
            {
              type: 'Invalid' as const,
              field: 'spec.leaseTransitions',
              value: transitions,
              detail: 'must be greater than or equal to 0',
            },
          ]
        : []),
    ];
  },
});

/** Coordinated leader election is off, as it is unless it is asked for, and then these two are dropped. */
function withoutCoordination(lease: KubernetesObject): KubernetesObject {
  if (!isJsonObject(lease.spec)) return lease;
  const { strategy: _strategy, preferredHolder: _preferredHolder, ...spec } = lease.spec;
  return { ...lease, spec };
}
