/** Negotiation: in which form a client wants its answer. */
import { StatusError } from './status-error.js';

export type Form = 'object' | 'table' | 'partial' | 'partial-list' | 'discovery';

export interface Accepted {
  readonly form: Form;
  readonly mediaType: 'application/json' | 'application/yaml';
}

const FORMS: Readonly<Record<string, Form>> = {
  'Table meta.k8s.io v1': 'table',
  'PartialObjectMetadata meta.k8s.io v1': 'partial',
  'PartialObjectMetadataList meta.k8s.io v1': 'partial-list',
  'APIGroupDiscoveryList apidiscovery.k8s.io v2': 'discovery',
};
const AVAILABLE = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/**
 * The first form of the Accept header that is served; `forms` are those that make sense for the path. Throws 406: in the
 * words of the router where none of the media types is known, but for custom resources, which have none.
 */
export function negotiate(
  accept: string | undefined,
  forms: readonly Form[],
  isCustom = false,
): Accepted {
  if (accept === undefined || accept.trim() === '')
    return { form: 'object', mediaType: 'application/json' };
  let isForRouter = !isCustom;
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const values = new Map(parameters.map((parameter) => parameter.split('=') as [string, string]));
    const mediaType = mediaTypeOf(type);
    if (mediaType === undefined) continue;
    isForRouter &&= !forms.includes('table');
    const as = values.get('as');
    if (as === undefined) return { form: 'object', mediaType };
    const form = FORMS[`${as} ${values.get('g') ?? ''} ${values.get('v') ?? ''}`];
    if (form !== undefined && forms.includes(form)) return { form, mediaType };
  }
  throw isForRouter
    ? new StatusError(
        406,
        'NotAcceptable',
        `406: Not Acceptable\n\nAvailable representations: ${AVAILABLE}`,
        {},
      )
    : notAcceptable(`only the following media types are accepted: ${AVAILABLE}`);
}

export function notAcceptable(why: string): StatusError {
  return new StatusError(406, 'NotAcceptable', why);
}

function mediaTypeOf(type: string): Accepted['mediaType'] | undefined {
  if (['application/json', '*/*'].includes(type)) return 'application/json';
  return type === 'application/yaml' ? type : undefined;
}
