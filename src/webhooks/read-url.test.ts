import { expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { readUrl } from './read-url.ts';

function refusal(url: string, allowed: boolean | string[] = false) {
  try {
    return readUrl(url, { allowed, own: ['8.8.4.4'] }).href;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.place).toEqual({ pointer: '/url' });
    return `${error.code}: ${error.message}`;
  }
}

test.each([
  ['nonsense', 'it is no URL'],
  ['https://', 'it is no URL'],
  ['ftp://example.org/', 'neither https:// nor http://'],
  ['file:///etc/passwd', 'neither https:// nor http://'],
  ['https://user@example.org/', 'a user or a password'],
  ['https://:secret@example.org/', 'a user or a password'],
])('%s is refused', (url, problem) => {
  expect(refusal(url)).toMatch(/^webhook-url-invalid/);
  expect(refusal(url)).toContain(problem);
});

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.0.0.1./',
  'http://０.0.0.0/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://168.63.129.16/',
  'http://8.8.4.4/',
  'http://255.255.255.255/',
  'http://localhost:8080/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://a.localhost/',
])('%s is private however it is written', (url) => {
  expect(refusal(url)).toMatch(/^webhook-address-private: .* webhooks may not call it\.$/);
  expect(refusal(url, true)).toBe(new URL(url).href);
});

test('public hosts and names are taken as they are; names are judged when they are called', () => {
  for (const url of [
    'https://example.org/hook?token=1',
    'http://8.8.8.8:8080/x',
    'https://[2606:4700::1111]/',
    'https://my.localhost.example/',
  ]) {
    expect(refusal(url)).toBe(url);
  }
  expect(refusal('http://localhost:1/', ['127.0.0.0/8'])).toBe('http://localhost:1/');
});
