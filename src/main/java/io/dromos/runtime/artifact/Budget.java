package io.dromos.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What the artifacts of one task may still take: a small archive can hold a very large file. */
final class Budget {
  private static final int MAX_ENTRIES = 500_000;

  private final long limit;
  private long bytesLeft;
  private int entriesLeft = MAX_ENTRIES;

  Budget(long limit) {
    this.limit = limit;
    this.bytesLeft = limit;
  }

  /** Copies everything, as long as there is room for it. */
  void copy(InputStream from, OutputStream to) throws IOException, ArtifactException {
    byte[] buffer = new byte[64 * 1024];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      take(read);
      to.write(buffer, 0, read);
    }
  }

  /** Counts bytes that are about to be written. */
  void take(long bytes) throws ArtifactException {
    bytesLeft -= bytes;
    if (bytesLeft < 0) {
      throw new ArtifactException(
          "the artifacts of the task take more than "
              + limit / (1024 * 1024)
              + " MiB (dromos.artifact.max.mib)");
    }
  }

  /** Counts one entry of an archive. */
  void entry() throws ArtifactException {
    if (--entriesLeft < 0) {
      throw new ArtifactException(
          "the archives of the task hold more than " + MAX_ENTRIES + " files");
    }
  }
}
