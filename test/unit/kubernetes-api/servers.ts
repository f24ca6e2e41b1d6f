import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';
import type { JsonMap } from '../../../kubernetes-api';

/** A local server, with what it was asked. */
export class TestServer {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server | ReturnType<typeof createTcpServer>,
    readonly asked: IncomingMessage[] = [],
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    });
  }

  static async http(answer: RequestListener): Promise<TestServer> {
    const asked: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    return listening(new TestServer(server, asked));
  }

  /** Answers everything with an object. */
  static json(body: JsonMap, code = 200): Promise<TestServer> {
    return TestServer.http((_, response) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  }

  /** Accepts connections and says nothing. */
  static async silent(): Promise<TestServer> {
    return listening(new TestServer(createTcpServer()));
  }

  /** A proxy that leads everything to one server, whatever the name that is asked for. */
  static async proxy(target: TestServer, code = 200): Promise<TestServer & { tunnels: string[] }> {
    const tunnels: string[] = [];
    const server = createServer();
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      tunnels.push(request.url ?? '');
      socket.write(`HTTP/1.1 ${code} \r\n\r\n`);
      if (code !== 200) socket.end();
      else socket.pipe(connect(target.port, '127.0.0.1')).pipe(socket);
    });
    return Object.assign(await listening(new TestServer(server)), { tunnels });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

const open: TestServer[] = [];

async function listening(server: TestServer): Promise<TestServer> {
  open.push(server);
  await server.listen();
  return server;
}

/** To be called after each test. */
export const closeServers = () => Promise.all(open.splice(0).map((server) => server.close()));
