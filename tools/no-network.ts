import { Socket } from 'node:net';

const local = new Set(['localhost', '127.0.0.1', '::1']);
const connect = Socket.prototype.connect;

/** Tests run without a network: a socket to any other machine is an error that names the host. */
Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]) {
  // Node's own callers pass the normalised form [[options, listener]]; users pass (options), (port, host) or (path).
  const first = Array.isArray(parameters[0]) ? parameters[0][0] : parameters[0];
  const host = typeof first === 'object' ? first?.host : typeof first === 'number' ? parameters[1] : undefined;
  if (typeof host === 'string' && !local.has(host)) {
    throw new Error(
      `A test tried to reach ${host}. Tests run without a network: serve the data from localhost or a file.`,
    );
  }
  return Reflect.apply(connect, this, parameters);
} as typeof connect;
