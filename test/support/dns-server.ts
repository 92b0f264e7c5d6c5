import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** A name server that speaks the real protocol (RFC 1035) over UDP. */
export interface DnsServer {
  /** `address:port` */
  address: string;
  /** What was asked, in order: `name A` or `name AAAA`. */
  questions: string[];
  /** Addresses of a name; null when there is no such name; undefined for no answer at all. */
  answer: (name: string, type: 'A' | 'AAAA') => readonly string[] | null | undefined;
  /** Resolves when so many questions have arrived. */
  asked(count: number): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts one on a free port of this machine; it answers nothing until it is told what. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  let look: () => void = () => {};
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  const server: DnsServer = {
    address: `127.0.0.1:${port}`,
    questions: [],
    answer: () => undefined,
    async asked(count) {
      while (server.questions.length < count) {
        await new Promise<void>((resolve) => {
          look = resolve;
        });
      }
      return server.questions;
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    server.questions.push(`${name} ${type}`);
    const found = server.answer(name, type);
    if (found !== undefined) socket.send(toReply(query, end, type, found), from.port, from.address);
    look();
  });
  return server;
}

function readQuestion(query: Buffer): { name: string; type: 'A' | 'AAAA'; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1) === 28 ? 'AAAA' : 'A',
    end: at + 5,
  };
}

/** Header, the question again, and one record for each address, whose name points back to the question. */
function toReply(query: Buffer, end: number, type: 'A' | 'AAAA', found: readonly string[] | null): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(found ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(found?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  const records = (found ?? []).map((address) => {
    const data = type === 'A' ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type === 'A' ? 1 : 28, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  return Buffer.from(
    [...groups(head), ...zeros, ...groups(tail)].map((group) => group.padStart(4, '0')).join(''),
    'hex',
  );
}
