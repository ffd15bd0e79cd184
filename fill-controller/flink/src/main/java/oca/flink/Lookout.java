package oca.flink;

import java.io.IOException;
import java.io.Serializable;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import org.jspecify.annotations.Nullable;

/** Where a task learns what records do not say. Sent to each task, and opened there. */
interface Lookout extends Serializable {
  /**
   * Begins to watch, and returns when something is known.
   *
   * @throws IOException when nothing can be learned
   */
  Watch open() throws IOException;

  /** What is known now. For any thread; changes behind the asker's back. */
  interface Watch extends AutoCloseable {
    /** Of the catalogue in force. */
    String version();

    /** The file; null when it is in no catalogue. */
    @Nullable CatalogEntry file(ContentId file);

    /** Where a server stands; null when nobody knows. */
    @Nullable SiteId site(ApplianceId server);

    @Override
    void close();
  }
}
