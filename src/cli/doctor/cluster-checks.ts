/** What a cluster has of what claims need, in the order in which it is installed. */
import { servedType } from '../../claims/observation/find-claim.js';
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, GROUP_SUFFIX, type Form } from '../../model/managed/kind.js';
import { readDefinition } from '../../claims/contract/definition-files.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Cluster } from '../cluster/connection.js';
import { crossplaneIn, listed, lookAtCluster, type ClusterFacts } from '../cluster/facts.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { check, unseen, type Check } from './check.js';

const INSTALL_CROSSPLANE =
  'helm install crossplane --namespace crossplane-system --create-namespace crossplane-stable/crossplane (https://docs.crossplane.io/latest/get-started/install)';

/** The services of AWS whose provider packages claims need. */
const SERVICES = ['cloudwatch', 'dynamodb', 'iam', 'lambda', 's3', 'sns'];

export async function checkCluster(cluster: Cluster): Promise<readonly Check[]> {
  const { client, source } = cluster;
  const facts = await lookAtCluster(client);
  const kubernetes: Check = {
    what: 'Kubernetes',
    state: 'ok',
    found: `${facts.kubernetes} (${source})`,
  };
  const isThere = facts.crossplane !== null;
  const crossplane = check('Crossplane', isThere, crossplaneIn(facts), INSTALL_CROSSPLANE);
  if (!isThere) return [kubernetes, crossplane];
  return [
    kubernetes,
    crossplane,
    ...(await functionChecks(facts)),
    ...providerChecks(facts),
    ...FORMS.map((form) => definitionCheck(form, facts)),
    ...(await compositionChecks(client, facts)),
    ...(await providerConfigChecks(client)),
    ...(await permissionChecks(cluster)),
  ];
}

async function functionChecks({ packages, hidden }: ClusterFacts): Promise<Check[]> {
  const { composition } = await readDefinition(PACKAGE_DIR, 'cluster');
  const needed = [...new Set(composition.spec.pipeline.map(({ functionRef }) => functionRef.name))];
  return needed.map((name) => {
    const found = packages.find((one) => one.kind === 'Function' && one.name === name);
    if (hidden.includes('Function')) return unseen(`Function ${name}`);
    return packageCheck(`Function ${name}`, found, 'kubectl apply -f deploy/functions.yaml');
  });
}

/** By their images: who installs them may name them as they like. */
function providerChecks({ packages, hidden }: ClusterFacts): Check[] {
  return SERVICES.map((service) => {
    const image = new RegExp(`/provider-aws-${service}(:|@|$)`);
    const found = packages.find((one) => one.kind === 'Provider' && image.test(one.image));
    if (hidden.includes('Provider')) return unseen(`Provider aws-${service}`);
    return packageCheck(`Provider aws-${service}`, found, 'kubectl apply -f deploy/providers.yaml');
  });
}

function packageCheck(
  what: string,
  found: ClusterFacts['packages'][number] | undefined,
  mend: string,
): Check {
  if (found === undefined) return { what, state: 'missing', found: 'not installed', mend };
  if (found.isInstalled && found.isHealthy) return { what, state: 'ok', found: found.image };
  const { kind, name, reason } = found;
  return {
    what,
    state: 'missing',
    found: `not healthy: ${reason}`,
    mend: `kubectl describe ${kind.toLowerCase()} ${name}`,
  };
}

/** One form is enough for claims; without any there are none. */
function definitionCheck(form: Form, { definitions, hidden }: ClusterFacts): Check {
  const { group, composite } = CLAIM_API[form];
  const name = `${composite.plural}.${group}`;
  const found = definitions.find((one) => one.form === form);
  const what = `definition ${group}`;
  const mend = `kubectl apply -f crds/${name}.yaml -f compositions/${name}.yaml`;
  if (hidden.includes('CompositeResourceDefinition')) return unseen(what);
  if (found === undefined) {
    return {
      what,
      state: definitions.length === 0 ? 'missing' : 'warning',
      found: 'not installed',
      mend,
    };
  }
  if (!found.isEstablished)
    return {
      what,
      state: 'missing',
      found: 'not established',
      mend: `kubectl describe xrd ${name}`,
    };
  return check(
    what,
    found.isOurs,
    found.isOurs
      ? found.versions.join(', ')
      : "differs from this command's: claims may be judged otherwise",
    mend,
    'warning',
  );
}

async function compositionChecks(
  client: KubernetesClient,
  { definitions }: ClusterFacts,
): Promise<Check[]> {
  const compositions = await listed(client, 'apiextensions.crossplane.io/v1', 'Composition');
  const forms = FORMS.filter((form) => definitions.some(({ name }) => name === nameOf(form)));
  return forms.map((form) => {
    const { group, composite } = CLAIM_API[form];
    if (compositions === undefined) return unseen(`Composition ${group}`);
    const found = compositions.filter(({ spec }) => {
      const { compositeTypeRef } = spec as {
        compositeTypeRef: { apiVersion: string; kind: string };
      };
      return (
        compositeTypeRef.apiVersion.startsWith(`${group}/`) &&
        compositeTypeRef.kind === composite.kind
      );
    });
    const names = found.map(({ metadata }) => metadata.name).join(', ');
    return check(
      `Composition ${group}`,
      found.length > 0,
      names === '' ? 'none' : names,
      `kubectl apply -f compositions/${nameOf(form)}.yaml`,
    );
  });
}

function nameOf(form: Form): string {
  return `${CLAIM_API[form].composite.plural}.${CLAIM_API[form].group}`;
}

/** Those that a claim names when it names none. */
async function providerConfigChecks(client: KubernetesClient): Promise<Check[]> {
  const kinds = { cluster: 'ProviderConfig', namespaced: 'ClusterProviderConfig' } as const;
  const forms = await servedForms(client);
  const checks = await Promise.all(
    forms.map(async (form) => {
      const found = await listed(client, `${GROUP_SUFFIX[form]}/v1beta1`, kinds[form]);
      return ['primary', 'secondary'].map((name) => {
        if (found === undefined) return unseen(`${kinds[form]} ${name}`);
        const isThere = found.some(({ metadata }) => metadata.name === name);
        return check(
          `${kinds[form]} ${name}`,
          isThere,
          isThere
            ? GROUP_SUFFIX[form]
            : 'none of this name: only claims that name another under providerConfigs will work',
          'edit a file of deploy/provider-configs/ for your account, then kubectl apply -f it',
        );
      });
    }),
  );
  return checks.flat();
}

interface Review extends KubernetesObject {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

/** The forms of which the cluster takes claims: whoever asks sees that, whatever their rights. */
async function servedForms(client: KubernetesClient): Promise<Form[]> {
  const types = await Promise.all(
    FORMS.map((form) => servedType(client, apiVersionOf(form), CLAIM_API.cluster.claim.kind)),
  );
  return FORMS.filter((_, index) => types[index] !== undefined);
}

async function permissionChecks({ client, namespace }: Cluster): Promise<Check[]> {
  const type = await client.resourceType('authorization.k8s.io/v1', 'SelfSubjectAccessReview');
  const forms = await servedForms(client);
  return Promise.all(
    forms.map(async (form) => {
      const { group } = CLAIM_API[form];
      const resourceAttributes = { namespace, verb: 'create', group, resource: 'paymentsdrs' };
      const { apiVersion, kind } = type;
      const review: Review = { apiVersion, kind, metadata: {}, spec: { resourceAttributes } };
      const { status } = await client.create(type, review);
      const isAllowed = status?.allowed === true;
      return check(
        `may create ${group}`,
        isAllowed,
        isAllowed ? `in namespace ${namespace}` : `not in namespace ${namespace}`,
        `kubectl create rolebinding payments-dr-edit --clusterrole=payments-dr-edit --user=NAME -n ${namespace} (ClusterRole in deploy/access.yaml)`,
      );
    }),
  );
}
