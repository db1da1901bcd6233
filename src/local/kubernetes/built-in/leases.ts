/** Lease: who leads, and until when. */
import { isJsonObject } from '../json/json.js';
import { AGE_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import { builtIn, column, int32, object, text } from './built-in.js';

export const leases = builtIn({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  description: 'Lease says who holds something, and for how long.',
  allowsCreateOnUpdate: true,
  allowsUnconditionalUpdate: false,
  properties: {
    spec: object('Who holds the lease.', {
      holderIdentity: text('Who holds it.'),
      leaseDurationSeconds: int32('How long others wait after renewTime before they take it.'),
      acquireTime: { type: 'string', format: 'date-time', description: 'When it was taken.' },
      renewTime: { type: 'string', format: 'date-time', description: 'When it was last renewed.' },
      leaseTransitions: int32('How often the holder changed.'),
      strategy: text('How the holder is chosen.'),
      preferredHolder: text('Who should take it next.'),
    }),
  },
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
