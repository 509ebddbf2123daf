// Gives orders to the beacon. They need the token, which the reader tells this window once; it goes with the window.

import { Problem, send } from "./api.js";

const KEY = "beacon-token";

/** Whether there is a token to try. */
export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

/** Takes the token from the reader. */
export function takeToken(token) {
  sessionStorage.setItem(KEY, token.trim());
}

/** Orders something, and gives back the sentence that says what comes of it. A token that is not it is forgotten. */
export async function order(method, path, body) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await send(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    return answer.message;
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) sessionStorage.removeItem(KEY);
    throw problem;
  }
}
