package io.dromos.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Who runs the server. PostgreSQL refuses to run as root, so root hands it to {@code nobody}, or,
 * where that user may not pass a directory above, to a user namespace of its own in which root's
 * files seem to belong to an ordinary user. An existing data directory decides by its owner.
 *
 * @param uid owner of the data directory
 * @param gid its group
 * @param prefix words before a command that make it run as that user; empty to run as ourselves
 */
record PostgresAccount(int uid, int gid, List<String> prefix) {
  private static final int NOBODY = 65_534;
  private static final List<String> OWN_NAMESPACE = List.of("unshare", "--user");

  PostgresAccount {
    prefix = List.copyOf(prefix);
  }

  /**
   * Finds an account that can really run the programs.
   *
   * @param cluster the data directory, which may not exist yet
   * @param binaries the unpacked programs
   * @throws IOException with the way out when there is none
   */
  static PostgresAccount choose(Path cluster, Path binaries) throws IOException {
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    int group = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    boolean exists = Files.isDirectory(cluster);
    int owner = exists ? (Integer) Files.getAttribute(cluster, "unix:uid") : self;
    if (self != 0) {
      if (owner != self) {
        throw new IOException(
            cluster
                + " belongs to another user (uid "
                + owner
                + "): run as that user, or choose another dromos.data.dir");
      }
      return usable(new PostgresAccount(self, group, List.of()), binaries);
    }
    List<PostgresAccount> candidates = new ArrayList<>();
    if (!exists) {
      candidates.add(as(NOBODY, NOBODY));
      candidates.add(new PostgresAccount(0, 0, OWN_NAMESPACE));
    } else if (owner == 0) {
      candidates.add(new PostgresAccount(0, 0, OWN_NAMESPACE));
    } else {
      candidates.add(as(owner, (Integer) Files.getAttribute(cluster, "unix:gid")));
    }
    return firstUsable(candidates, binaries);
  }

  /** Makes {@code path} belong to the account, when we may and must. */
  void own(Path path) throws IOException {
    if ((Integer) Files.getAttribute(path, "unix:uid") != uid) {
      Files.setAttribute(path, "unix:gid", gid);
      Files.setAttribute(path, "unix:uid", uid);
    }
  }

  /** {@code command} as this account runs it. */
  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  private static PostgresAccount as(int uid, int gid) {
    return new PostgresAccount(
        uid,
        gid,
        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs"));
  }

  private static PostgresAccount usable(PostgresAccount account, Path binaries) throws IOException {
    return firstUsable(List.of(account), binaries);
  }

  private static PostgresAccount firstUsable(List<PostgresAccount> candidates, Path binaries)
      throws IOException {
    List<String> complaints = new ArrayList<>();
    for (PostgresAccount account : candidates) {
      String complaint = account.complaint(binaries);
      if (complaint.isEmpty()) {
        return account;
      }
      complaints.add(complaint);
    }
    throw new IOException(
        "cannot run PostgreSQL from "
            + binaries
            + " ("
            + String.join("; ", complaints)
            + "): choose a dromos.data.dir that an ordinary user may enter and execute from, run as"
            + " an ordinary user, or set dromos.db.url to a PostgreSQL server");
  }

  /** Empty when this account reaches and runs the programs: the only proof is to do it. */
  private String complaint(Path binaries) throws IOException {
    List<String> command =
        command(List.of(binaries.resolve("bin").resolve("postgres").toString(), "--version"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), PostgresCluster.TEXT);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return command.get(0) + " hangs";
      }
      return process.exitValue() == 0 ? "" : output.strip().replace('\n', ' ');
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
