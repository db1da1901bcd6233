/** From a request to its operation: by method, by what the path names, and by the subresource in the query. */
import { AwsError, type ServiceRequest } from '../service.js';
import type { Operation } from './operation.js';
import { notImplemented } from './refusals.js';
import { OPERATIONS } from './operations.js';

export interface Target {
  /** Empty where no bucket is named. */
  readonly bucketName: string;
  /** Decoded; empty where no object is named. */
  readonly key: string;
}

/**
 * Query parameters that make a request one about something else than the bucket or object itself: all that the API
 * model has in its paths. A PUT about one that is missing here would be taken for one of the object, and overwrite it.
 */
const SUBRESOURCES = [
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'list-type',
  'lifecycle',
  'location',
  'logging',
  'metadataAnnotationTable',
  'metadataConfiguration',
  'metadataInventoryTable',
  'metadataJournalTable',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
];

export function parseTarget({ path, headers }: ServiceRequest): Target {
  const host = /^([a-z0-9][a-z0-9.-]*)\.localhost(?::\d+)?$/.exec(headers.host ?? '')?.[1];
  const whole = host === undefined ? path.slice(1) : `${host}${path}`;
  const slash = whole.indexOf('/');
  try {
    return slash < 0
      ? { bucketName: decodeURIComponent(whole), key: '' }
      : {
          bucketName: decodeURIComponent(whole.slice(0, slash)),
          key: decodeURIComponent(whole.slice(slash + 1)),
        };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** Throws NotImplemented for what S3 has and this service does not, MethodNotAllowed for what S3 has not. */
export function findOperation(request: ServiceRequest, target: Target): Operation {
  const { method, query, headers } = request;
  const place = target.bucketName === '' ? 'account' : target.key === '' ? 'bucket' : 'object';
  const subresource = SUBRESOURCES.find((name) => query.has(name)) ?? '';
  const source = headers['x-amz-copy-source'] === undefined ? '' : 'copy';
  const name = [method, place, subresource, source].filter((word) => word !== '').join(' ');
  const operation = OPERATIONS.get(name);
  if (operation !== undefined) return operation;
  if (subresource !== '') throw notImplemented(`${method} ?${subresource}`);
  throw new AwsError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { Method: method, ResourceType: place.toUpperCase() },
  );
}
