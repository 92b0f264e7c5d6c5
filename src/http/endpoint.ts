import type { z } from 'zod';
import type { OwnerCreatedHook } from '../actions/create-account.ts';
import type { ActionContext, Actor, Platform, Scope } from '../actions/platform.ts';
import type { SubjectKind } from '../store/events.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Method and path template in Fastify's form: `GET /api/v1/builds/:id`. */
export type Route = `${Method} /${string}`;
/** `none`: anybody; `user`: whoever is signed in; a scope: a session, or an API key that has it. */
export type AuthNeed = 'none' | 'user' | Exclude<Scope, '*'>;
const isFile = Symbol('binary');

/** A reply that is a file and not JSON. */
export interface Binary {
  [isFile]: true;
  /** What it may be; the first where the reply's own header says nothing. */
  contentTypes: readonly [string, ...string[]];
}

/** Declares a reply that is a file: `reply: { 200: binary('application/zip') }`. `run` returns its bytes. */
export function binary(...contentTypes: string[]): Binary {
  const [first = 'application/octet-stream', ...others] = contentTypes;
  return { [isFile]: true, contentTypes: [first, ...others] };
}

export function isBinary(schema: unknown): schema is Binary {
  return typeof schema === 'object' && schema !== null && isFile in schema;
}

/** One schema means status 200; a map gives each status its own, null for a reply without a body. */
export type ReplySchemas = z.ZodType | Record<number, z.ZodType | Binary | null>;

/** What every route gets beside its input. */
export interface Call {
  platform: Platform;
  requestId: string;
  /** Who is at the other end of the connection; personal data, for sessions only. */
  client: { address: string; userAgent: string };
  /** What else happens in the transaction that makes a new account. */
  onOwnerCreated: readonly OwnerCreatedHook[];
  /** Aborted when the caller goes away before the reply, or the server stops. Ask for it before anything is awaited. */
  gone(): AbortSignal;
}

/** What a route behind authentication gets. `context` goes to the action as it is. */
export interface SignedInCall extends Call {
  actor: Actor;
  context: ActionContext;
}

const replied = Symbol('reply');

/** A reply with a status of its own, or with headers. */
export interface Reply<Status extends number = number, Body = unknown> {
  [replied]: true;
  status: Status;
  body: Body;
  headers: Record<string, string>;
}

/** Makes a reply for a route with several statuses. A string body with a `content-type` header is sent as it is. */
export function reply<Status extends number, Body>(
  status: Status,
  body: Body,
  headers: Record<string, string> = {},
): Reply<Status, Body> {
  return { [replied]: true, status, body, headers };
}

export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && replied in value;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Given<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type Sent<Schema> = Schema extends z.ZodType ? z.input<Schema> : Schema extends Binary ? Uint8Array : null;

/** What `run` may return for these reply schemas. */
type RunResult<Replies extends ReplySchemas> = Replies extends z.ZodType
  ? z.input<Replies> | Reply<200, z.input<Replies>>
  : { [Status in keyof Replies & number]: Reply<Status, Sent<Replies[Status]>> }[keyof Replies & number];

/** What a caller receives for these reply schemas. */
type Received<Replies extends ReplySchemas> = Replies extends z.ZodType
  ? z.output<Replies>
  : { [Status in keyof Replies & number]: Sent<Replies[Status]> }[keyof Replies & number];

/** One route, whole: its schemas are validation, OpenAPI, the client's types and the test over all routes. */
export interface Definition<
  R extends Route,
  Auth extends AuthNeed,
  Params extends z.ZodType | undefined,
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  Replies extends ReplySchemas,
> {
  route: R;
  /** One line for people: what the route is for. */
  summary: string;
  /** Markdown, where a line is not enough. */
  description?: string;
  auth: Auth;
  /** Strict objects (`z.strictObject`): unknown fields are refused. */
  params?: Params;
  query?: Query;
  body?: Body;
  /** `limits.bodyBytesMax` unless a body carries sources. */
  bodyBytesMax?: number;
  reply: Replies;
  /** Codes of the errors that this route adds to the common ones. */
  errors: readonly string[];
  /**
   * The reply is a subject (it has an `id`) that a worker goes on with. The frame then answers 202 with `Location`,
   * or, with `Prefer: wait=N`, 200 with the finished subject.
   */
  waitsFor?: SubjectKind;
  /** It makes jobs without being one to wait for: it may be refused while a queue is full. */
  makesJobs?: boolean;
  /** Replies carry an `etag` header; the frame answers 304 to whoever has that version (`If-None-Match`, RFC 9110). */
  conditional?: boolean;
  run(
    call: Auth extends 'none' ? Call : SignedInCall,
    input: { params: Parsed<Params>; query: Parsed<Query>; body: Parsed<Body> },
  ): Promise<RunResult<Replies>>;
}

/** A route as the frame sees it: types erased. */
export interface ErasedDefinition {
  route: Route;
  summary: string;
  description?: string;
  auth: AuthNeed;
  params?: z.ZodType | undefined;
  query?: z.ZodType | undefined;
  body?: z.ZodType | undefined;
  bodyBytesMax?: number;
  reply: ReplySchemas;
  errors: readonly string[];
  waitsFor?: SubjectKind;
  makesJobs?: boolean;
  conditional?: boolean;
  run(call: SignedInCall, input: { params: unknown; query: unknown; body: unknown }): Promise<unknown>;
}

/** A route with the types that the client reads; `types` exists for the compiler only. */
export interface Endpoint<
  R extends Route = Route,
  Params = unknown,
  Query = unknown,
  Body = unknown,
  Result = unknown,
> {
  route: R;
  definition: ErasedDefinition;
  types?: { params: Params; query: Query; body: Body; reply: Result };
}

/** Declares a route. `run` sees neither the request nor the response: it takes values and returns values. */
export function endpoint<
  const R extends Route,
  const Auth extends AuthNeed,
  Replies extends ReplySchemas,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  definition: Definition<R, Auth, Params, Query, Body, Replies>,
): Endpoint<R, Given<Params>, Given<Query>, Given<Body>, Received<Replies>> {
  // The frame parses before it calls: inside, every input is unknown until its schema has seen it.
  return { route: definition.route, definition: definition as unknown as ErasedDefinition };
}

/** @returns whether the route makes something, so that an Idempotency-Key makes a repeat of it safe */
export function creates(definition: ErasedDefinition): boolean {
  if (definition.auth === 'none' || !definition.route.startsWith('POST ')) return false;
  return definition.waitsFor !== undefined || '201' in definition.reply || '202' in definition.reply;
}

/** @returns method and path of `GET /api/v1/…` */
export function splitRoute(route: Route): { method: Method; path: string } {
  const at = route.indexOf(' ');
  return { method: route.slice(0, at) as Method, path: route.slice(at + 1) };
}
