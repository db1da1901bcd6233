import type {
  Managed,
  ManagedSpec,
  ManagedStatus,
} from '../../../../src/local/provider-aws/managed/managed-resource.js';

/** A managed resource as the API server has it; a case shows what differs. */
export function aManagedResource({
  name = 'thing',
  namespace,
  labels,
  annotations = {},
  controllerUid,
  spec = {},
  status = {},
}: {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  controllerUid?: string;
  spec?: ManagedSpec;
  status?: ManagedStatus;
} = {}): Managed {
  return {
    apiVersion: 's3.aws.upbound.io/v1beta2',
    kind: 'Bucket',
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      annotations,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(controllerUid === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Owner',
                name: 'owner',
                uid: controllerUid,
                controller: true,
              },
            ],
          }),
    },
    spec,
    status,
  };
}
