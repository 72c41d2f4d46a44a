// A page as an application would have it: Knock's feed, its badge, and a banner. The query says whose, and where Knock is.
import {
  Banner,
  KnockFeedProvider,
  KnockGuideProvider,
  KnockProvider,
  NotificationFeed,
  NotificationIconButton,
  useKnockFeed,
} from "@knocklabs/react";
import "@knocklabs/react/dist/index.css";
import { useRef } from "react";
import { createRoot } from "react-dom/client";

const given = Object.fromEntries(new URLSearchParams(location.search));

function Feed() {
  const { feedClient, useFeedStore } = useKnockFeed();
  const { metadata } = useFeedStore();
  const button = useRef(null);
  return (
    <>
      <NotificationIconButton ref={button} onClick={() => feedClient.markAllAsSeen()} />
      <p data-testid="counts">
        {`total ${metadata.total_count}, unread ${metadata.unread_count}, unseen ${metadata.unseen_count}`}
      </p>
      <button data-testid="archive-all" onClick={() => feedClient.markAllAsArchived()}>
        Archive all
      </button>
      <NotificationFeed />
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <KnockProvider apiKey={given.key} host={given.host} user={{ id: given.user }} userToken={given.token}>
    <KnockFeedProvider
      feedId={given.feed}
      defaultFeedOptions={{ page_size: 20, __experimentalCrossBrowserUpdates: given.shared === "yes" }}
    >
      <Feed />
    </KnockFeedProvider>
    <KnockGuideProvider channelId={given.guides} readyToTarget listenForUpdates>
      <Banner />
    </KnockGuideProvider>
  </KnockProvider>,
);
