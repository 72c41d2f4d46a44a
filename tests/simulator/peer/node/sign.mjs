// Signs user tokens with the vendor's helper: a JSON array of inputs on stdin, an array of outcomes on stdout.
// An input may have `now`, in seconds; the helper reads the clock.
import { buildUserTokenGrant, signUserToken } from "@knocklabs/node/lib/tokenSigner";

const inputs = JSON.parse(await new Response(process.stdin).text());
const clock = Date.now;
const outcomes = [];
for (const { userId, options, grants, now } of inputs) {
  Date.now = now === undefined ? clock : () => now * 1000;
  try {
    const built = grants?.map(({ entity, names }) => buildUserTokenGrant(entity, names));
    outcomes.push({ token: await signUserToken(userId, { ...options, grants: built }), grants: built ?? null });
  } catch (error) {
    outcomes.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(outcomes));
