/** `payments-dr portal`: the portal alone, for any cluster. */
import type { Command } from 'commander';
import { addOptions, serveOptions } from '../platform/options.js';
import type { PortalOptions } from '../tasks/portal.js';

const HELP = `
People sign in with their own bearer token, or through an OIDC proxy that passes it as "Authorization: Bearer …";
the cluster's RBAC decides what they see and do. The kubeconfig's own account (in a pod: the service account) is only
used to watch claims and what they are made of: deploy/portal/ grants it exactly that.

Examples:
  payments-dr portal --kubeconfig ~/.kube/config           sign in with: kubectl create token NAME
  payments-dr portal --host 0.0.0.0 --port 8080 --session-key-file /var/run/portal/key
  payments-dr portal --aws-metrics                         with alarms and replication lag from CloudWatch`;

export function addPortalCommand(program: Command): void {
  const command = program
    .command('portal')
    .summary('Serve the portal, against any cluster')
    .description('Serve the portal, the web page for claims, against any cluster.')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option(
      '--session-key-file <file>',
      'seals the sessions: 32 bytes in base64, the same for each replica',
    )
    .option(
      '--aws-metrics',
      'show alarms and replication lag: needs cloudwatch:DescribeAlarms and GetMetricData',
    )
    .option(
      '--test-payments',
      'let those who may change a claim send it test payments: needs lambda:InvokeFunction',
    )
    .addHelpText('after', HELP);
  addOptions(command, [
    serveOptions.kubeconfig(),
    serveOptions.port('the portal'),
    serveOptions.awsEndpoint(),
    serveOptions.logLevel(),
  ]).action(async (options: PortalOptions) => {
    const { portal } = await import('../tasks/portal.js');
    await portal(options);
  });
}
