/** What a cluster has of everything that claims need: Kubernetes, Crossplane, packages, the definition. */
import { isDeepStrictEqual } from 'node:util';
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS } from '../../model/managed/kind.js';
import { readDefinition } from '../../claims/contract/definition-files.js';
import { servedType } from '../../claims/observation/find-claim.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import {
  conditionOf,
  isConditionTrue,
  type KubernetesObject,
  type Stored,
} from '../../support/kubernetes/objects.js';
import { PACKAGE_DIR } from '../platform/paths.js';

const XRD = { apiVersion: 'apiextensions.crossplane.io/v1', kind: 'CompositeResourceDefinition' };
/** The label of the Deployment that runs Crossplane's core, as its Helm chart sets it. */
const CORE = 'app=crossplane';
const UNKNOWN = 'unknown';
const PACKAGES = 'pkg.crossplane.io/v1';
const PACKAGE_KINDS = ['Configuration', 'Function', 'Provider'] as const;

export interface DefinitionFacts {
  readonly name: string;
  readonly form: string;
  readonly versions: readonly string[];
  readonly isEstablished: boolean;
  /** What it says is what this command's own definition says. */
  readonly isOurs: boolean;
}

export interface PackageFacts {
  readonly kind: string;
  readonly name: string;
  readonly image: string;
  readonly isInstalled: boolean;
  readonly isHealthy: boolean;
  /** Why it is not healthy. */
  readonly reason: string;
}

export interface ClusterFacts {
  readonly kubernetes: string;
  /** The version of Crossplane's core; `null` where it cannot be told, `unknown` where its kinds are served but not its version. */
  readonly crossplane: string | null;
  readonly definitions: readonly DefinitionFacts[];
  readonly packages: readonly PackageFacts[];
  /** Kinds of which whoever asks may not see what there is. */
  readonly hidden: readonly string[];
}

export async function lookAtCluster(client: KubernetesClient): Promise<ClusterFacts> {
  const { gitVersion } = await client.raw<{ gitVersion: string }>('version');
  const hidden = new Set<string>();
  const look: Look = async (apiVersion, kind, labelSelector) => {
    const found = await listed(client, apiVersion, kind, labelSelector);
    if (found === undefined) hidden.add(kind);
    return found ?? [];
  };
  const [crossplane, definitions, packages] = await Promise.all([
    crossplaneVersion(client, look),
    definitionsOn(look),
    packagesOn(look),
  ]);
  return { kubernetes: gitVersion, crossplane, definitions, packages, hidden: [...hidden].sort() };
}

/** In words; also where its version is not known, and then why. */
export function crossplaneIn({ crossplane, hidden }: ClusterFacts): string {
  if (crossplane === null) return 'not installed';
  if (crossplane !== UNKNOWN) return crossplane;
  const why = hidden.includes('Deployment')
    ? 'you may not list Deployments'
    : `no Deployment has the label ${CORE}`;
  return `its kinds are served; of which version is not known: ${why}`;
}

type Look = (apiVersion: string, kind: string, labelSelector?: string) => Promise<Stored[]>;

/** Of the image that Crossplane's own Deployment runs. */
async function crossplaneVersion(client: KubernetesClient, look: Look): Promise<string | null> {
  if ((await servedType(client, XRD.apiVersion, XRD.kind)) === undefined) return null;
  const deployments = await look('apps/v1', 'Deployment', CORE);
  const { spec } = (deployments[0] ?? {}) as {
    spec?: { template: { spec: { containers: { image: string }[] } } };
  };
  const image = spec?.template.spec.containers[0]?.image;
  return image?.split('@')[0]?.split(':').at(-1) ?? UNKNOWN;
}

async function definitionsOn(look: Look): Promise<DefinitionFacts[]> {
  const all = await look(XRD.apiVersion, XRD.kind);
  return Promise.all(
    FORMS.flatMap((form) => {
      const name = `${CLAIM_API[form].composite.plural}.${CLAIM_API[form].group}`;
      const found = all.find(({ metadata }) => metadata.name === name);
      return found === undefined ? [] : [factsOf(form, found)];
    }),
  );
}

async function factsOf(form: (typeof FORMS)[number], found: Stored): Promise<DefinitionFacts> {
  const { versions } = found.spec as {
    versions: { name: string; served: boolean; schema?: unknown }[];
  };
  const ours = (await readDefinition(PACKAGE_DIR, form)).definition.spec.versions;
  return {
    name: found.metadata.name,
    form,
    versions: versions.filter(({ served }) => served).map(({ name }) => name),
    isEstablished: isConditionTrue(found, 'Established'),
    isOurs: ours.every((version) =>
      isDeepStrictEqual(versions.find(({ name }) => name === version.name)?.schema, version.schema),
    ),
  };
}

async function packagesOn(look: Look): Promise<PackageFacts[]> {
  const lists = await Promise.all(PACKAGE_KINDS.map((kind) => look(PACKAGES, kind)));
  return lists.flat().map((found) => ({
    kind: found.kind,
    name: found.metadata.name,
    image: (found.spec as { package?: string }).package ?? '',
    isInstalled: isConditionTrue(found, 'Installed'),
    isHealthy: isConditionTrue(found, 'Healthy'),
    reason: ['Installed', 'Healthy']
      .map((type) => conditionOf(found, type))
      .filter((condition) => condition !== undefined && condition.status !== 'True')
      .map((condition) => condition?.message ?? condition?.reason ?? '')
      .join('; '),
  }));
}

/** None where the kind is not served; undefined where it may not be listed. */
export async function listed(
  client: KubernetesClient,
  apiVersion: string,
  kind: string,
  labelSelector?: string,
): Promise<Stored[] | undefined> {
  try {
    const type = await servedType(client, apiVersion, kind);
    return type === undefined
      ? []
      : (await client.list<KubernetesObject>(type, { labelSelector })).items;
  } catch (error) {
    if (isApiError(error, 'Forbidden')) return undefined;
    throw error;
  }
}
