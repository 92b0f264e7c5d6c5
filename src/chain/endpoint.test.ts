import { expect, test } from 'vitest';
import { endpointName, scrub } from './endpoint.ts';

const key = 'k3y0123456789abcdef';

test.each([
  [`https://mainnet.infura.io/v3/${key}`, 'https://mainnet.infura.io'],
  [`https://eth.example.com/?apikey=${key}`, 'https://eth.example.com'],
  [`http://user:${key}@10.0.0.1:8545`, 'http://10.0.0.1:8545'],
  [`not a url ${key}`, 'an invalid URL'],
])('%s is named without its key', (url, name) => {
  expect(endpointName(url)).toBe(name);
});

test.each([
  [`https://mainnet.infura.io/v3/${key}`, key],
  [`https://eth.example.com/?apikey=${key}`, key],
  [`http://user:${key}@10.0.0.1:8545`, key],
  [`http://u:${encodeURIComponent(`${key}/+ä`)}@10.0.0.1:8545`, `${key}/+ä`],
])('texts that quote %s lose the key', (url, secret) => {
  const clean = scrub(`request to ${url} failed, ${secret} is unknown`, [url]);
  expect(clean).toBe('request to *** failed, *** is unknown');
});

test('a URL without secrets does not eat ordinary words', () => {
  expect(scrub('connection to http://127.0.0.1:8545 refused', ['http://127.0.0.1:8545'])).toBe(
    'connection to http://127.0.0.1:8545 refused',
  );
});

test('texts are cut at 500 characters', () => {
  expect(scrub('x'.repeat(10_000), []).length).toBeLessThanOrEqual(501);
});
