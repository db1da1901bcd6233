/** The log group that Lambda writes a function's log to. */
export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
