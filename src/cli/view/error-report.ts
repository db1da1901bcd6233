/** How an error looks to the person at the terminal: what, where, and what to do; never a stack trace. */
import pc from 'picocolors';
import { PdrError } from '../../support/errors.js';
import { ApiError } from '../../support/kubernetes/api-error.js';
import { coloursOf } from './colours.js';

/** The report's lines, plain or coloured. */
export function describeError(error: unknown, colour = pc.createColors(false)): string {
  if (error instanceof PdrError) {
    const causes = causesOf(error).map((cause) => `\n  because: ${cause}`);
    return `${colour.red(`error[${error.code}]`)} ${error.message}${causes.join('')}\n  try: ${error.remedy}`;
  }
  if (error instanceof ApiError) {
    const causes = error.causes.flatMap(({ field, message = '' }) =>
      field === undefined
        ? error.message.includes(message)
          ? []
          : [`\n  ${message}`]
        : [`\n  ${field}: ${message}`],
    );
    return `${colour.red('error')} the Kubernetes API refused (${error.reason}): ${error.message}${causes.join('')}`;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${colour.red('error')} ${message}`;
}

export function printError(error: unknown): void {
  process.stderr.write(`${describeError(error, coloursOf(process.stderr))}\n`);
}

/** The chain of causes, without those whose words the error repeats already. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!error.message.includes(cause.message)) causes.push(cause.message);
  }
  return causes;
}
