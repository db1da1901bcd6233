/** What a person can type once the platform is up: only what the parts that run can answer. */
import type { Part } from '../platform/parts.js';

export interface WrittenConfigs {
  readonly kubeconfigPath: string;
  readonly awsConfigPath: string;
}

export function commandsToTry(
  parts: ReadonlySet<Part>,
  { kubeconfigPath, awsConfigPath }: WrittenConfigs,
): string[] {
  const commands: string[] = [];
  if (parts.has('kubernetes')) {
    commands.push(`export KUBECONFIG=${kubeconfigPath}`);
    if (parts.has('crossplane')) commands.push('kubectl get pdr -A');
    if (parts.has('provider-aws')) commands.push('kubectl get managed');
    commands.push(parts.has('crossplane') ? 'kubectl explain pdr.spec' : 'kubectl api-resources');
  }
  if (parts.has('aws')) {
    commands.push(
      `export AWS_CONFIG_FILE=${awsConfigPath}`,
      'aws --profile us-west-2 dynamodb list-tables',
    );
  }
  return commands;
}
