// Listens to a feed with the vendor's client for browsers. Prints a line of JSON for each change; ends when its input does.
import Knock from "@knocklabs/client";
import { WebSocket } from "ws";

globalThis.WebSocket ??= WebSocket; // Node has one of its own since version 22
globalThis.window ??= {}; // without it, the client does not connect
const [host, apiKey, user, channel, token] = process.argv.slice(2);
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const knock = new Knock(apiKey, { host, logLevel: "none" });
knock.authenticate({ id: user }, token || undefined);
const feed = knock.feeds.initialize(channel, { page_size: 5 });
feed.store.subscribe((state) => {
  const { items, metadata } = state;
  print({ ids: items.map((item) => item.id), ...metadata });
});
const socket = knock.client().socket;
socket.onMessage(({ event, topic, payload }) => {
  if (event === "phx_reply" && topic.startsWith("feeds:")) {
    print({ joined: payload.status, reason: payload.response.reason });
  }
});
feed.listenForUpdates();
await feed.fetch();

const actions = {
  read: () => feed.markAsRead(feed.store.getState().items[0]),
  "archive all": () => feed.markAllAsArchived(),
};
process.stdin.setEncoding("utf8");
for await (const line of process.stdin) {
  await actions[line.trim()]();
  print({ done: line.trim() });
}
knock.teardown();
process.exit();
