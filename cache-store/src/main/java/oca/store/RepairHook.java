package oca.store;

import java.util.List;

/** Is told of files with damaged blocks, so that those are fetched from elsewhere. */
@FunctionalInterface
public interface RepairHook {

  /**
   * A file is not held any more because blocks of it are damaged. An ordinary fill finds all but
   * those in place, and the file is served again after its commit. Called on a thread of the store:
   * must not block, and may be told of the same file again.
   *
   * @param meta of the file
   * @param missing the byte ranges that are to be fetched, in order
   */
  void wanted(ContentMeta meta, List<FillSession.Gap> missing);
}
