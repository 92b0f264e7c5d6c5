/**
 * GETs a URL over HTTP and gives back the body, which is never held beyond `bytesMax`. Redirects are followed, as
 * download hosts use them: whoever calls checks what came.
 *
 * @throws Error with the reason in words: another status than 200, too large, not in time, no connection
 */
export async function getBytes(
  url: string,
  { bytesMax, seconds }: { bytesMax: number; seconds: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const signal = AbortSignal.timeout(seconds * 1_000);
  try {
    const response = await fetch(url, { signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw new Error(`it sent more than ${bytesMax} bytes`);
      chunks.push(chunk);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } catch (error) {
    if (signal.aborted) throw new Error(`it did not answer within ${seconds} s`, { cause: error });
    // `fetch` hides the reason behind "fetch failed".
    const { cause } = error as { cause?: { code?: string; message?: string } };
    throw cause ? new Error(cause.code ?? cause.message ?? String(error), { cause: error }) : error;
  }
}
