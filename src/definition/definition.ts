/** Every generated file, and what is in it: both forms of the definition from one source, and what a cluster needs for it. */
import { App } from 'cdk8s';
import { FORMS, type Form } from '../model/managed/kind.js';
import { CompositeDefinition, definitionName } from './composite-definition.js';
import { Composition } from './composition.js';
import { GeneratedFile } from './generated-file.js';
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
import { ProviderRuntime } from './packages/provider-runtime.js';

const FORM_IN_WORDS: Readonly<Record<Form, string>> = {
  cluster:
    'Claims, and the cluster-scoped resources of *.aws.upbound.io: the form of Crossplane 1.x, served by 2.x.',
  namespaced:
    'Namespaced, with the resources of *.aws.m.upbound.io beside it: the form of Crossplane 2.x.',
};

/** The files, in the order of their paths. */
export function defineFiles(): readonly GeneratedFile[] {
  const app = new App();
  const files: GeneratedFile[] = [];
  const file = (path: string, source: string, ...comment: string[]) => {
    const generated = new GeneratedFile(app, { path, source: `src/definition/${source}`, comment });
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
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}
