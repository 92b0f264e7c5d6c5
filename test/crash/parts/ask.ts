/** What the platform answered. */
export interface Answer<Body> {
  status: number;
  body: Body;
}

/**
 * Sends JSON and reads JSON; rejects when the server is away or says nothing for 20 s.
 *
 * @param route method and path, such as `GET /api/v1/jobs`
 * @param options.key API key or access token
 */
export async function ask<Body>(
  url: string,
  route: string,
  options: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const [method = '', path = ''] = route.split(' ');
  const { key, body, headers } = options;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: (isJson ? JSON.parse(text) : null) as Body };
}
