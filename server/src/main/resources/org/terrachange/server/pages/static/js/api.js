// How pages talk to the service: JSON in, JSON out, and problems (RFC 9457) as errors with words for people.

export class Problem extends Error {
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function problemOf(response) {
  let detail = `The server answered ${response.status}.`;
  try {
    const body = await response.json();
    detail = sentence(body.detail ?? body.title ?? detail);
  } catch {
    // not JSON: the status has to do
  }
  return new Problem(response.status, detail, response.headers.get("Retry-After"));
}

function sentence(text) {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

async function send(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Problem(0, "The server cannot be reached. Is it still running?");
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

export async function getJson(url, signal) {
  const response = await send(url, { headers: { Accept: "application/json" }, signal });
  return response.json();
}

export async function postJson(url, body, headers = {}) {
  const response = await send(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { location: response.headers.get("Location"), body: await response.json() };
}

/** States that a job does not leave any more. */
export const FINISHED = ["successful", "failed", "dismissed"];

const RETRY_MILLIS = 2000;

/**
 * Listens to a job until it is finished, as long as the page can be seen: a browser opens no more than six connections
 * to a server, and pages in the background would hold them all. A page that is seen again hears at once how far it is.
 * @param path of the job
 * @param onStatus called with the status, at first and whenever it changes
 * @param onLost called when the server does not answer, and is asked again in a while
 */
export function follow(path, onStatus, onLost) {
  let events = null;
  let over = false;

  function turn() {
    if (over || document.hidden) {
      events?.close();
      events = null;
    } else if (events === null) {
      listen();
    }
  }

  function listen() {
    const mine = new EventSource(`${path}/events`);
    events = mine;
    mine.addEventListener("status", (event) => {
      const status = JSON.parse(event.data);
      if (FINISHED.includes(status.status)) {
        over = true;
        turn();
        document.removeEventListener("visibilitychange", turn);
      }
      onStatus(status);
    });
    mine.addEventListener("error", () => {
      if (mine.readyState === EventSource.CLOSED && events === mine) {
        events = null;
        onLost();
        setTimeout(turn, RETRY_MILLIS);
      }
    });
  }

  document.addEventListener("visibilitychange", turn);
  turn();
}

export async function remove(url) {
  await send(url, { method: "DELETE", headers: { Accept: "application/json" } });
}

/** Starts a detection; resolves to the path of its job. */
export async function startDetection(inputs) {
  const { location } = await postJson(
    "/processes/detect-changes/execution", { inputs }, { Prefer: "respond-async" });
  return new URL(location, document.baseURI).pathname;
}

/**
 * Uploads a file, which fetch could not report the progress of.
 * @param onProgress called with the share sent, 0 to 1
 * @returns {{promise: Promise<object>, cancel: () => void}}
 */
export function upload(file, onProgress) {
  const request = new XMLHttpRequest();
  const promise = new Promise((resolve, reject) => {
    request.open("POST", "/uploads");
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        onProgress(event.loaded / event.total);
      }
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(request.response);
      } else {
        const body = request.response;
        reject(new Problem(request.status, sentence(body?.detail ?? `The server answered ${request.status}.`)));
      }
    });
    request.addEventListener("error", () => reject(new Problem(0, "The upload broke off. Try again.")));
    request.addEventListener("abort", () => reject(new Problem(0, "The upload was stopped.")));
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
  return { promise, cancel: () => request.abort() };
}
