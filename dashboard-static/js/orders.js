// Gives orders to the beacon. They need a session, which the reader opens with the token; the browser keeps its cookie.

import { Problem, send } from "./api.js";

let logIn = async () => false;
let isOut = () => false;

/** Sets who asks the reader to log in: a function of the reason that gives back whether the reader did. `isKnownOut` says
 *  whether it is known that the reader is not logged in, so that an order need not be refused first. */
export function askLoginWith(asker, isKnownOut = () => false) {
  [logIn, isOut] = [asker, isKnownOut];
}

/** Asks the reader to log in. */
export function allowed(reason = "") {
  return logIn(reason);
}

/** Orders something, and gives back the answer, asking the reader to log in where that is needed. `null` where the reader
 *  would rather not. Other problems are thrown. */
export async function order(method, path, body, headers) {
  let reason = "";
  if (isOut() && !(await logIn(reason))) return null;
  for (;;) {
    try {
      return await send(method, path, body, headers);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
      if (!(await logIn(reason))) return null;
      reason = "That did not open the door; try again.";
    }
  }
}
