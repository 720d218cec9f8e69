// Calls of the JSON API. The key comes once from the address and stays in this tab.

const KEY = "webchat.key";

export class Refusal extends Error {
  constructor(status, message) {
    super(message || "操作没有成功，请稍后再试。");
    this.status = status;
  }
}

/** Take the key (and a start payload) out of the address, so that neither stays in view or history. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) given.set(name, value);
  if (given.get("key")) setKey(given.get("key"));
  if (location.search || location.hash) history.replaceState(null, "", location.pathname);
  return { start: given.get("start"), chat: Number(given.get("chat")) || null };
}

export function setKey(key) {
  sessionStorage.setItem(KEY, key.trim());
}

export function hasKey() {
  return Boolean(sessionStorage.getItem(KEY));
}

export async function call(path, options = {}) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY) || ""}` };
  let { body } = options;
  if (body !== undefined && !(body instanceof FormData)) {
    body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(path, { method: options.method || "GET", headers, body, signal: options.signal });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, read.message);
  return read;
}

/** Send a file and hear how much of it has left (0 to 1); fetch cannot tell that. */
export function upload(path, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Authorization", `Bearer ${sessionStorage.getItem(KEY) || ""}`);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      let read = {};
      try { read = JSON.parse(request.responseText); } catch { /* an answer without a body */ }
      if (request.status === 200) resolve(read);
      else reject(new Refusal(request.status, read.message));
    };
    request.onerror = () => reject(new TypeError("network"));
    request.send(form);
  });
}

/** A mark by which the server knows a repeated request. */
export function newNonce() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
