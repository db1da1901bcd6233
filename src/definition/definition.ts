/** Every generated file, and what is in it: both forms of the definition from one source, and what a cluster needs for it. */
import { App } from 'cdk8s';
import { FORMS, type Form } from '../model/managed/kind.js';
import { skeletonFiles } from './backstage/skeleton.js';
import { BackstageCatalog, BackstageTemplate } from './backstage/template.js';
import { CompositeDefinition, definitionName } from './composite-definition.js';
import { Composition } from './composition.js';
import { compositionPictures } from './documents/composition-pictures.js';
import { claimReference } from './documents/claim-reference.js';
import { GeneratedFile, type WrittenFile } from './generated-file.js';
import { ArgoCdClaims, ArgoCdPlatform } from './gitops/argocd-applications.js';
import { ArgoCdProjects } from './gitops/argocd-projects.js';
import { ArgoCdSettings } from './gitops/argocd-settings.js';
import { Flux } from './gitops/flux.js';
import { KustomizeBase } from './gitops/kustomize-base.js';
import { REPOSITORY_ADVICE } from './gitops/repository.js';
import { ClaimAccess } from './packages/access.js';
import { EnvironmentGuard } from './packages/environment-guard.js';
import {
  ConfigurationPackage,
  FunctionPackages,
  PackageMetadata,
  ProviderPackages,
} from './packages/packages.js';
import {
  CREDENTIAL_ADVICE,
  CREDENTIAL_WAYS,
  ProviderConfigs,
} from './packages/provider-configs.js';
import { providerPolicy } from './packages/provider-policy.js';
import { ProviderRuntime } from './packages/provider-runtime.js';
import { Portal } from './web/portal.js';

const FORM_IN_WORDS: Readonly<Record<Form, string>> = {
  cluster:
    'Claims, and the cluster-scoped resources of *.aws.upbound.io: the form of Crossplane 1.x, served by 2.x.',
  namespaced:
    'Namespaced, with the resources of *.aws.m.upbound.io beside it: the form of Crossplane 2.x.',
};

/** When Argo CD applies what is below a path: packages bring the kinds of the rest, an XRD comes before its Composition. */
const WAVES: readonly (readonly [path: string, wave: number])[] = [
  ['deploy/functions.yaml', -30],
  ['deploy/providers.yaml', -30],
  ['crds/', -20],
  ['compositions/', -10],
  ['deploy/provider-configs/', -10],
];

/** What a cluster needs of the files, whatever tool applies them; ProviderConfigs are chosen by its owner. */
const KUSTOMIZE_BASE =
  /^(crds|compositions)\/|^deploy\/(functions|providers|access|environment-guard)\.yaml$/;

const ARGOCD_NAMESPACE = 'argocd';

/** The files, in the order of their paths. */
export function defineFiles(): readonly WrittenFile[] {
  return [
    ...defineObjects(),
    ...skeletonFiles(),
    providerPolicy(),
    claimReference(),
    compositionPictures(),
  ].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Those that hold Kubernetes objects. */
export function defineObjects(): readonly GeneratedFile[] {
  const app = new App();
  const files: GeneratedFile[] = [];
  const file = (path: string, source: string, ...comment: string[]) => {
    const wave = WAVES.find(([prefix]) => path.startsWith(prefix))?.[1];
    const generated = new GeneratedFile(app, {
      path,
      source: `src/definition/${source}`,
      comment,
      ...(wave === undefined ? {} : { wave }),
    });
    files.push(generated);
    return generated;
  };
  for (const form of FORMS) {
    const name = `${definitionName(form)}.yaml`;
    new CompositeDefinition(
      file(`crds/${name}`, 'composite-definition.ts', FORM_IN_WORDS[form]),
      form,
    );
    new Composition(file(`compositions/${name}`, 'composition.ts', FORM_IN_WORDS[form]), form);
  }
  new FunctionPackages(file('deploy/functions.yaml', 'packages/packages.ts'));
  const providers = file(
    'deploy/providers.yaml',
    'packages/packages.ts',
    'Name your own IAM role in the annotation for IRSA.',
  );
  new ProviderRuntime(providers);
  new ProviderPackages(providers);
  for (const way of CREDENTIAL_WAYS) {
    const path = `deploy/provider-configs/${way}.yaml`;
    const advice = ['One of the files in this folder is enough.', ...CREDENTIAL_ADVICE[way]];
    new ProviderConfigs(file(path, 'packages/provider-configs.ts', ...advice), way);
  }
  new EnvironmentGuard(
    file(
      'deploy/environment-guard.yaml',
      'packages/environment-guard.ts',
      'Needs Kubernetes 1.30 or later.',
    ),
  );
  new ClaimAccess(file('deploy/access.yaml', 'packages/access.ts'));
  new Portal(
    file(
      'deploy/portal/portal.yaml',
      'web/portal.ts',
      'Name your own image (deploy/portal/Dockerfile), host and TLS secret. Before it, the key that seals the sessions:',
      'kubectl create secret generic payments-dr-portal-session -n payments-dr --from-literal=key="$(openssl rand -base64 32)"',
    ),
  );
  new ConfigurationPackage(
    file(
      'deploy/configuration.yaml',
      'packages/packages.ts',
      'Instead of crds/, compositions/ and the packages: all of it as one package.',
    ),
  );
  new PackageMetadata(
    file(
      'deploy/crossplane.yaml',
      'packages/packages.ts',
      'The metadata of that package: built of this file, crds/ and compositions/.',
    ),
  );
  defineGitOps(file);
  new BackstageTemplate(
    file(
      'deploy/backstage/template.yaml',
      'backstage/template.ts',
      'Who owns it and which hosts it may write to are yours to say.',
    ),
  );
  new BackstageCatalog(
    file(
      'deploy/backstage/catalog-info.yaml',
      'backstage/template.ts',
      'Register this file in Backstage: it brings the template beside it.',
    ),
  );
  new KustomizeBase(
    file('kustomization.yaml', 'gitops/kustomize-base.ts', 'kubectl apply -k .'),
    files
      .map(({ path }) => path)
      .filter((path) => KUSTOMIZE_BASE.test(path))
      .sort(),
  );
  return files;
}

function defineGitOps(
  file: (path: string, source: string, ...comment: string[]) => GeneratedFile,
): void {
  const settings = file(
    'deploy/argocd/settings.yaml',
    'gitops/argocd-settings.ts',
    'Adds to argocd-cm: kubectl apply --server-side --force-conflicts -f deploy/argocd/settings.yaml',
  );
  new ArgoCdSettings(settings, ARGOCD_NAMESPACE);
  const argocd = (name: string) =>
    file(`deploy/argocd/${name}.yaml`, `gitops/argocd-${name}.ts`, ...REPOSITORY_ADVICE);
  new ArgoCdProjects(argocd('projects'), ARGOCD_NAMESPACE);
  const applications = argocd('applications');
  new ArgoCdPlatform(applications, ARGOCD_NAMESPACE);
  new ArgoCdClaims(applications, ARGOCD_NAMESPACE);
  new Flux(file('deploy/flux/payments-dr.yaml', 'gitops/flux.ts', ...REPOSITORY_ADVICE));
}
