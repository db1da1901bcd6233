/** The Backstage template: a form, a claim written from it, and a pull request that brings the claim to where GitOps tools look. */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { TEAMS_PATH } from '../gitops/repository.js';
import { formPages } from './form.js';

const NAME = 'payments-dr-claim';
const OWNER = 'group:default/platform';

const DIRECTORY = `${TEAMS_PATH}/\${{ parameters.team }}/\${{ parameters.environment }}`;
const TITLE = 'Payments of team ${{ parameters.team }}, ${{ parameters.environment }}';

const DESCRIPTION = `A PaymentsDR claim, as filled in by \${{ user.entity.metadata.name }}.

Check it as the cluster will: \`kubectl kustomize ${DIRECTORY} | payments-dr validate -f -\`

Argo CD finds the directory by itself. Flux, and \`kubectl apply -k\`, need a line for it in \`examples/gitops/kustomization.yaml\` and the
namespace in \`examples/gitops/namespaces.yaml\`.
`;

export class BackstageTemplate extends ApiObject {
  constructor(scope: Construct) {
    const pages = formPages();
    const values = pages
      .flatMap(({ properties }) => Object.keys(properties))
      .concat('witness')
      .filter((name) => name !== 'repoUrl');
    super(scope, 'template', {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: {
        name: NAME,
        title: 'Payments in two AWS regions',
        description:
          'A payments service that survives the loss of an AWS region: writes its claim and opens a pull request.',
        tags: ['payments', 'aws', 'crossplane'],
      },
      spec: {
        owner: OWNER,
        type: 'service',
        parameters: pages,
        steps: [
          {
            id: 'claim',
            name: 'Write the claim',
            action: 'fetch:template',
            input: {
              url: './skeleton',
              targetPath: DIRECTORY,
              values: Object.fromEntries(
                values.map((name) => [name, `\${{ parameters.${name} }}`]),
              ),
            },
          },
          {
            id: 'publish',
            name: 'Open the pull request',
            action: 'publish:github:pull-request',
            input: {
              repoUrl: '${{ parameters.repoUrl }}',
              branchName: 'payments-${{ parameters.team }}-${{ parameters.environment }}',
              title: TITLE,
              description: DESCRIPTION,
              commitMessage: TITLE,
            },
          },
        ],
        output: {
          links: [{ title: 'The pull request', url: '${{ steps.publish.output.remoteUrl }}' }],
        },
      },
    });
  }
}

/** What a catalogue is given: this one file brings the template and the platform itself. */
export class BackstageCatalog extends Construct {
  constructor(scope: Construct) {
    super(scope, 'catalog');
    new ApiObject(this, 'location', {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: { name: 'payments-dr', description: 'The template of payments-dr.' },
      spec: { targets: ['./template.yaml'] },
    });
    new ApiObject(this, 'component', {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'payments-dr',
        title: 'payments-dr',
        description: 'Payments that survive the loss of an AWS region, from one claim.',
        tags: ['payments', 'aws', 'crossplane'],
      },
      spec: { type: 'service', lifecycle: 'experimental', owner: OWNER },
    });
  }
}
