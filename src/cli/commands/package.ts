/** `payments-dr package build`: the definition as a Crossplane package. */
import type { Command } from 'commander';
import { FORMS, outputOption } from '../output/forms.js';
import type { PackageOptions } from '../tasks/package.js';

const EXAMPLES = `
Makes a Configuration package of deploy/crossplane.yaml, crds/ and compositions/: both forms of the claim, and the providers and
functions that they need as dependencies. The file is an OCI image layout in a tar archive, and at once one that crossplane takes.
The same files give the same bytes, and so the same digest.

Examples:
  payments-dr package build
  payments-dr package build --file payments-dr.xpkg --tag v1.2.0
  crossplane xpkg push -f payments-dr.xpkg registry.example.org/payments/payments-dr:v1.2.0
  skopeo copy oci-archive:payments-dr.xpkg:v1.2.0 docker://registry.example.org/payments/payments-dr:v1.2.0
  kubectl apply -f deploy/configuration.yaml             once spec.package there names your registry`;

export function addPackageCommand(program: Command): void {
  program
    .command('package')
    .description('Make the Crossplane package of the definition')
    .command('build')
    .summary('Build the Configuration package (.xpkg)')
    .description(
      'Build the Configuration package of the definition, a .xpkg that Crossplane installs.',
    )
    .option('--file <file>', 'where to write it', 'payments-dr.xpkg')
    .option(
      '--tag <tag>',
      'what the image is called in the file (default: v and the version of this command)',
    )
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: PackageOptions) => {
      const { buildPackage } = await import('../tasks/package.js');
      await buildPackage(options);
    });
}
