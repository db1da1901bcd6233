/** The address that calls of a service in a region go to: what `spec.endpoint` of a ProviderConfig says. */
import type { Endpoint } from './provider-config.js';

/** What the real provider takes and this one does not: to ignore it would send calls elsewhere than was meant. */
const UNSUPPORTED = ['signingRegion', 'signingName', 'signingMethod'] as const;

/** `undefined` means AWS's own address. Throws in the real provider's words where the specification is incomplete. */
export function endpointUrl(
  endpoint: Endpoint | undefined,
  service: string,
  region: string,
): string | undefined {
  if (endpoint === undefined) return undefined;
  const unsupported = UNSUPPORTED.find((field) => endpoint[field] !== undefined);
  if (unsupported !== undefined) {
    throw new Error(`spec.endpoint.${unsupported} is not supported by the local provider`);
  }
  const id = service.toLowerCase();
  const { services } = endpoint;
  // As in the real provider, a list of services never leaves out STS: credentials come from there.
  const isMeant = services?.some((name) => name.toLowerCase() === id) ?? true;
  if (!isMeant && id !== 'sts') return undefined;
  const { type, static: fixed, dynamic } = endpoint.url;
  switch (type) {
    case 'Static':
      if (fixed === undefined) {
        throw new Error('static type is chosen but static field does not have a value');
      }
      return fixed;
    case 'Dynamic':
      if (dynamic === undefined) {
        throw new Error('dynamic type is chosen but dynamic configuration is not given');
      }
      // IAM is the same everywhere: its address names no region.
      return id === 'iam'
        ? `${dynamic.protocol}://${id}.${dynamic.host}`
        : `${dynamic.protocol}://${id}.${region}.${dynamic.host}`;
    case 'Auto':
      if (endpoint.partitionId === undefined || endpoint.partitionId === '') {
        throw new Error('partitionId is required when the Endpoint URL type is "Auto"');
      }
      return undefined;
  }
}
