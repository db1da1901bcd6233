/** The payer's mistake: answered with its status and reason, never thrown out of the function, never counted as our error. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly statusCode: 400 | 409,
    message: string,
    /** The field of the event that is wrong, where it is one. */
    readonly field?: string,
  ) {
    super(message);
  }
}
