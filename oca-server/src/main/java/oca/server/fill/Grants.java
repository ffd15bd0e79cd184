package oca.server.fill;

import java.util.Collection;
import java.util.List;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.store.Provenance;
import org.jspecify.annotations.Nullable;

/**
 * Which files may be begun, as the queue sees it. Called with the queue's lock held: answers from
 * memory and calls nobody.
 */
interface Grants {
  /** The manifest alone decides. */
  Grants NONE =
      new Grants() {
        @Override
        public boolean inForce() {
          return false;
        }

        @Override
        public Collection<ContentId> files() {
          return List.of();
        }

        @Override
        public @Nullable Writer writer(CatalogEntry file) {
          return null;
        }

        @Override
        public void moved() {}
      };

  /**
   * On whose behalf a file is written.
   *
   * @param job the controller's number of it
   * @param generation of the lease under which it was granted
   */
  record Writer(long job, long generation) {
    /**
     * Nobody's: gives way to any grant, and goes on with what any grant has left.
     *
     * @param number a number of the appliance's own
     */
    static Writer ungranted(long number) {
      return new Writer(number, Provenance.UNGRANTED);
    }
  }

  /** Whether nothing may be begun without a grant now. */
  boolean inForce();

  /** Files with a grant that has not ended, in the order in which they were granted. */
  Collection<ContentId> files();

  /** The grant of a file, while it has not ended; null when there is none. */
  @Nullable Writer writer(CatalogEntry file);

  /** A worker has given a file back: there may be room for other grants. */
  void moved();
}
