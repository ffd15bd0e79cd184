/** The API beside this page. */
export class ApiFault extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ApiFault(0, "the controller does not answer");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new ApiFault(answer.status, body.detail ?? `the controller answered ${answer.status}`);
  }
  return body;
}

export function get(path, query = {}) {
  const asked = new URLSearchParams(query).toString();
  return ask(asked ? `${path}?${asked}` : path);
}

export function post(path, message = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
}
