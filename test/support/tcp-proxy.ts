import { connect, createServer, type Server, type Socket } from 'node:net';

/** A door in front of a TCP server, to be shut and opened: to those behind it, the server is away. */
export interface TcpProxy {
  port: number;
  /** Ends every connection and refuses new ones. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;

  function join(inbound: Socket) {
    const outbound = connect(target);
    for (const socket of [inbound, outbound]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        inbound.destroy();
        outbound.destroy();
      });
    }
    inbound.pipe(outbound).pipe(inbound);
  }

  async function open() {
    server = createServer(join);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  }

  await open();
  return {
    port,
    open,
    async shut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A door in front of a database server. @returns it, and the address of the same database behind it */
export async function startDatabaseDoor(url: string): Promise<{ door: TcpProxy; url: string }> {
  const address = new URL(url);
  const door = await startTcpProxy({ host: address.hostname, port: Number(address.port) });
  address.port = String(door.port);
  // The server's own socket would lead past it.
  address.searchParams.delete('host');
  return { door, url: address.href };
}
