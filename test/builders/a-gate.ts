/** A gate in the way to a server: open it lets everything through, shut it refuses, stalled it takes connections and never answers. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface AGate {
  /** The server's address, by way of the gate. */
  readonly url: string;
  open(): void;
  /** Whoever is connected is cut off. */
  shut(): void;
  stall(): void;
  stop(): Promise<void>;
}

export async function aGate(serverUrl: string): Promise<AGate> {
  const behind = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: 'open' | 'shut' | 'stalled' = 'open';
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((coming) => {
    keep(coming);
    if (state === 'shut') coming.destroy();
    if (state !== 'open') return;
    const going = connect(Number(behind.port), behind.hostname);
    keep(going);
    coming.pipe(going).pipe(coming);
    coming.on('close', () => going.destroy());
    going.on('close', () => coming.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const put = (next: typeof state) => () => {
    state = next;
    cut();
  };
  return {
    url: `${behind.protocol}//127.0.0.1:${port}`,
    open: put('open'),
    shut: put('shut'),
    stall: put('stalled'),
    stop: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
