// Gives orders to the beacon. They need the token, which the reader tells this window once; it goes with the window.

import { Problem, send } from "./api.js";

const KEY = "beacon-token";

/** The token to try; empty where the reader has told none. */
export function token() {
  return sessionStorage.getItem(KEY) ?? "";
}

/** Whether there is a token to try. */
export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

/** Takes the token from the reader. */
export function takeToken(told) {
  sessionStorage.setItem(KEY, told.trim());
}

/** Orders something, and gives back the sentence that says what comes of it. */
export async function order(method, path, body) {
  const { message } = await ask(method, path, body);
  return message;
}

/** Asks with the token, and gives back the answer. A token that is not it is forgotten. */
export async function ask(method, path, body) {
  const headers = { Authorization: `Bearer ${token()}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await send(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) sessionStorage.removeItem(KEY);
    throw problem;
  }
}
