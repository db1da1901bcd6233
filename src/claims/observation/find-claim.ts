/** Finds a claim by its name, in whichever form of the API it is. */
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import { formatKey, type KubernetesObject, type Stored } from '../../support/kubernetes/objects.js';

export interface ClaimKey {
  readonly name: string;
  readonly namespace: string;
  /** @default whichever form has it */
  readonly form?: Form | undefined;
}

export interface FoundClaim {
  readonly form: Form;
  readonly type: ResourceType;
  readonly claim: Stored;
}

const CLAIM_KIND = CLAIM_API.cluster.claim.kind;

/** The forms that the cluster serves. Throws PDR1015 where it serves none. */
export async function claimTypes(
  client: KubernetesClient,
  only?: Form,
): Promise<ReadonlyMap<Form, ResourceType>> {
  const types = new Map<Form, ResourceType>();
  for (const form of FORMS) {
    if (only !== undefined && only !== form) continue;
    const type = await servedType(client, apiVersionOf(form), CLAIM_KIND);
    if (type !== undefined) types.set(form, type);
  }
  if (types.size === 0) {
    throw new PdrError('PDR1015', {
      subject: (only === undefined ? FORMS : [only]).map(apiVersionOf).join(', '),
    });
  }
  return types;
}

/** Throws PDR1016 where there is none, PDR1006 where both forms have one of this name, or it is no name. */
export async function findClaim(client: KubernetesClient, key: ClaimKey): Promise<FoundClaim> {
  const { name, namespace, form: only } = key;
  checkName(name);
  const types = await claimTypes(client, only);
  const found: FoundClaim[] = [];
  for (const [form, type] of types) {
    const claim = await client.read<KubernetesObject>(type, { name, namespace });
    if (claim !== undefined) found.push({ form, type, claim });
  }
  const [first, second] = found;
  if (second !== undefined) {
    const detail =
      'both forms of the API have a claim of this name; add --form cluster or --form namespaced';
    throw new PdrError('PDR1006', { subject: formatKey(key), detail });
  }
  if (first !== undefined) return first;
  const elsewhere = await claimsNamed(client, types, name);
  throw new PdrError('PDR1016', {
    subject: formatKey(key),
    ...(elsewhere.length === 0
      ? {}
      : { detail: `there is one in ${elsewhere.join(', ')}; add -n` }),
  });
}

/** What is no name at all would be asked for as something else: nothing as the whole list. */
function checkName(name: string): void {
  const bare = name.split('/').at(-1) ?? '';
  if (bare === name && name !== '') return;
  throw new PdrError('PDR1006', {
    subject: `'${name}'`,
    detail:
      bare === ''
        ? 'the name of a claim is wanted'
        : `a claim is named without its kind: write ${bare}`,
  });
}

/** The type, if the cluster serves it. */
export async function servedType(
  client: KubernetesClient,
  apiVersion: string,
  kind: string,
): Promise<ResourceType | undefined> {
  try {
    return await client.resourceType(apiVersion, kind);
  } catch (error) {
    if (isApiError(error, 'NoKindMatch')) return undefined;
    throw error;
  }
}

/** Where claims of this name are; nothing where one may not look everywhere. */
async function claimsNamed(
  client: KubernetesClient,
  types: ReadonlyMap<Form, ResourceType>,
  name: string,
): Promise<string[]> {
  const lists = await Promise.all(
    [...types.values()].map((type) =>
      client.list(type, { fieldSelector: `metadata.name=${name}` }).catch(() => ({ items: [] })),
    ),
  );
  const namespaces = lists.flatMap(({ items }) =>
    items.map(({ metadata }) => metadata.namespace ?? ''),
  );
  return [...new Set(namespaces)].sort();
}
