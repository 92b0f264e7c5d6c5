import type { Routes } from '../http/routes/index.ts';
import type { HealthReport } from '../ops/health.ts';

interface Types {
  params: unknown;
  query: unknown;
  body: unknown;
  reply: unknown;
}

/** Addresses outside of the API that programs read. */
interface ServiceRoutes {
  'GET /health': { params: undefined; query: undefined; body: undefined; reply: HealthReport };
}

/** Method and path template of every route: `POST /api/v1/contracts/compile`. */
export type RouteName = Routes['route'] | keyof ServiceRoutes;

type TypesOf<Name extends RouteName> = Name extends keyof ServiceRoutes
  ? ServiceRoutes[Name]
  : Extract<Routes, { route: Name }> extends { types?: infer Found extends Types }
    ? Found
    : never;

/** What a route replies. */
export type ReplyOf<Name extends RouteName> = TypesOf<Name>['reply'];

/** What a route takes, and how the call is made. */
export type CallOptions<Name extends RouteName> = Needed<'params', TypesOf<Name>['params']> &
  Optional<'query', TypesOf<Name>['query']> &
  Body<TypesOf<Name>['body']> &
  CallSettings;

export interface CallSettings {
  /** Makes a repeat of this request safe: the server does the work once. */
  idempotencyKey?: string;
  /** Wait this long for the finished subject, at most 60 s. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

type Needed<Key extends string, Value> = [Value] extends [undefined] ? unknown : { [K in Key]: Value };
type Optional<Key extends string, Value> = [Value] extends [undefined] ? unknown : { [K in Key]?: Value };

/** A body that a route can do without may be left out. */
type Body<Value> = undefined extends Value ? Optional<'body', Value> : Needed<'body', Value>;

/** The options may be left out where a route takes nothing. */
export type CallArguments<Name extends RouteName> =
  object extends CallOptions<Name> ? [options?: CallOptions<Name>] : [options: CallOptions<Name>];
