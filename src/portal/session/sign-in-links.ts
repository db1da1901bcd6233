/** Links that sign in once: what `payments-dr up` prints. Each stands for a token that its maker has anyway. */
import { randomBytes } from 'node:crypto';
import { PdrError } from '../../support/errors.js';

export class SignInLinks {
  readonly #tokens = new Map<string, string>();

  /** The secret of a new link, good for one use while this server runs. */
  issue(token: string): string {
    const ticket = randomBytes(24).toString('base64url');
    this.#tokens.set(ticket, token);
    return ticket;
  }

  /** Throws PDR2011 where it was used, or never issued. */
  redeem(ticket: string): string {
    const token = this.#tokens.get(ticket);
    if (token === undefined) throw new PdrError('PDR2011', { subject: 'sign-in link' });
    this.#tokens.delete(ticket);
    return token;
  }
}
