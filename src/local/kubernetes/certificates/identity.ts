/** What a control plane is known by, over restarts. */

/** Everything that has to be kept: PEM, but for the token. */
export interface Identity {
  readonly caCertificate: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly adminCertificate: string;
  readonly adminKey: string;
  /** The administrator's bearer token. */
  readonly adminToken: string;
  /** Signs the tokens of service accounts. */
  readonly tokenKey: string;
}
