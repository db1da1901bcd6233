/**
 * Keeps the AWS SDK from telling every command's stderr which Node it would rather run on: that is the user's choice, and
 * `engines` in package.json says what we support. To be called before the first SDK client is made.
 */
export function silenceSdkAdvice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}
