/** The options that every command which serves something shares, and what they mean once parsed. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../../support/log.js';

const DAY_SECONDS = 24 * 3600;
export const DEFAULT_STATE_DIR = '.payments-dr';

export interface ServeOptions {
  readonly state: string;
  /** The port of the Kubernetes API, or of what the command serves instead; 0 takes a free one. */
  readonly port?: number;
  readonly awsPort?: number;
  readonly holdSourceTables?: number;
  readonly portalPort?: number;
  readonly writeKubeconfig?: string;
  readonly writeAwsConfig?: string;
  readonly kubeconfig?: string;
  readonly awsEndpoint?: string;
  readonly logLevel: LogLevel;
}

export const serveOptions = {
  state: () => new Option('--state <dir>', 'where everything is kept').default(DEFAULT_STATE_DIR),
  port: (what: string) =>
    new Option('--port <n>', `port of ${what}; 0 takes any free one`).argParser(parsePort),
  awsPort: () =>
    new Option('--aws-port <n>', 'port of the AWS gateway; 0 takes any free one').argParser(
      parsePort,
    ),
  holdSourceTables: () =>
    new Option(
      '--hold-source-tables [seconds]',
      'keep a table from deletion for so long after a replica was made from it, as AWS does; a day if no number is given',
    )
      .preset(String(DAY_SECONDS))
      .argParser(parseSeconds),
  portalPort: () =>
    new Option('--portal-port <n>', 'port of the portal; 0 takes any free one').argParser(
      parsePort,
    ),
  writeKubeconfig: () => new Option('--write-kubeconfig <file>', 'also write the kubeconfig here'),
  writeAwsConfig: () =>
    new Option(
      '--write-aws-config <file>',
      'also write the AWS shared config here: one profile per region',
    ),
  kubeconfig: () =>
    new Option(
      '--kubeconfig <file>',
      'the cluster to work on (default: KUBECONFIG, then ~/.kube/config)',
    ),
  awsEndpoint: () =>
    new Option('--aws-endpoint <url>', 'the AWS endpoint for ProviderConfigs that name none'),
  logLevel: () =>
    new Option('--log-level <level>', 'what to log, to stderr').choices(LOG_LEVELS).default('warn'),
};

export function addOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('A number of seconds is whole and not negative.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
