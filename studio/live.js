// An edit from its submission to its end, over the public API.

/** A failure that the server has put into words (application/problem+json). */
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title ?? 'The server refused.');
    this.param = problem.param ?? null;
    this.requestId = problem.request_id ?? null;
  }
}

export async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal({ detail: 'The server does not answer. Is it still running?' });
  }
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? await response.json() : null;
  if (!response.ok) throw new Refusal(body ?? { detail: `The server answered ${response.status}.` });
  return body;
}

export const submit = form => call('/v1/edits', { method: 'POST', body: form });
export const cancel = job => call(job.urls.cancel, { method: 'POST' });
export const models = async () => (await call('/v1/models')).data;

/** Follows an edit. The browser itself connects again after a break and says where it was. */
export function follow(job, { onStatus, onProgress, onPreview, onDone }) {
  const events = new EventSource(job.urls.events);
  const listen = (name, handle) => events.addEventListener(name, event => handle(JSON.parse(event.data)));
  listen('status', onStatus);
  listen('progress', onProgress);
  listen('preview', onPreview);
  listen('done', done => { events.close(); onDone(done); });
  return () => events.close();
}
