/** dynalite 4 as a server, as far as it is used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: { readonly createTableMs?: number }): Server;
}
