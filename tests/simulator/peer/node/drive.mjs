// Calls methods of the vendor's JavaScript client: one call per line of stdin, its outcome on one line of stdout.
// Usage: node drive.mjs URL KEY. The call "methods" returns the names of the client's methods.
import { createInterface } from "node:readline";
import Knock from "@knocklabs/node";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new Knock({ baseURL, apiKey, maxRetries: 0 });

function methodsOf(resource, prefix = "") {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
    .filter((name) => name !== "constructor" && !name.startsWith("_") && typeof resource[name] === "function")
    .map((name) => prefix + name);
  return own.concat(resourcesOf(resource).flatMap(([name, inner]) => methodsOf(inner, `${prefix}${name}.`)));
}

function resourcesOf(holder) {
  return Object.entries(holder).filter(([name, value]) => !name.startsWith("_") && value?._client === client);
}

async function call({ method, args, given }) {
  if (method === "methods") {
    return resourcesOf(client).flatMap(([name, resource]) => methodsOf(resource, `${name}.`));
  }
  const path = method.split(".");
  const name = path.pop();
  const resource = path.reduce((holder, key) => holder[key], client);
  const result = resource[name](...args, ...(Object.keys(given).length ? [given] : []));
  if (result[Symbol.asyncIterator]) {
    const items = [];
    for await (const item of result) items.push(item);
    return items;
  }
  return (await result) ?? null;
}

for await (const line of createInterface({ input: process.stdin })) {
  let outcome;
  try {
    outcome = { result: await call(JSON.parse(line)) };
  } catch (error) {
    outcome = error instanceof Knock.APIError && error.status ? { status: error.status } : { error: String(error) };
  }
  process.stdout.write(JSON.stringify(outcome) + "\n");
}
