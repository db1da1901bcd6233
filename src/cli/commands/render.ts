/** `payments-dr render`: the resources that a claim composes, without a cluster. */
import { Option, type Command } from 'commander';
import type { RenderOptions } from '../tasks/render.js';
import { FORMS, outputOption } from '../output/forms.js';
import { filesOption } from './options.js';

const EXAMPLES = `
Runs the Composition's pipeline as Crossplane does, without a cluster: the files of this package, the same that a cluster gets.
A resource that needs an answer of AWS first, such as an ARN, is not made in the first pass; stderr says what it waits for.
With --observed, resources that exist already are taken into account, and later passes can be seen.

What it prints has no owner references and no generated names: those come with the composite's UID.

Examples:
  payments-dr render -f claim.yaml                      the first pass, as YAML
  payments-dr render -f claim.yaml -o table             kind, name and region of each
  payments-dr render -f claim.yaml --with-composite     first the composite, with the status that it gets
  kubectl get managed -l crossplane.io/claim-name=checkout -o yaml > observed.yaml
  payments-dr render -f claim.yaml --observed observed.yaml
                                                        what Crossplane would apply next
  payments-dr render -f claim.yaml --form namespaced    the same claim in the other form of the API`;

export function addRenderCommand(program: Command): void {
  program
    .command('render')
    .summary('Show the resources that a claim composes, without a cluster')
    .description('Show the resources that a claim composes, without a cluster.')
    .addOption(filesOption())
    .option('--observed <file>', 'composed resources that exist: a file, a directory or -')
    .option('--with-composite', 'print the composite resource too, first')
    .addOption(
      new Option(
        '--form <form>',
        "render in this form of the API instead of the claim's own",
      ).choices(['cluster', 'namespaced']),
    )
    .addOption(outputOption(FORMS, 'yaml'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: RenderOptions) => {
      const { render } = await import('../tasks/render.js');
      await render(options);
    });
}
