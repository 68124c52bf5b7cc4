package io.dromos.runtime.process;

import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.artifact.ArtifactException;
import io.dromos.runtime.artifact.Artifacts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Fills the sandbox of a plain process and says how it is launched. */
record Preparation(
    Artifacts artifacts, Tools tools, Map<String, String> ambient, ResolverFiles resolver) {
  /** Artifacts, volumes and log files, owned by the task's user; gives the launch script. */
  String prepare(LaunchSpec spec)
      throws LaunchException, ArtifactException, IOException, InterruptedException {
    String user = spec.app().user();
    // What cannot be run is known before anything is downloaded for it.
    String script = LaunchScript.of(spec, tools, ambient, resolver.prefix());
    boolean another = user != null && !TaskUser.prefix(user, tools).isEmpty();
    artifacts.fetchAll(spec.app(), spec.sandbox());
    VolumeLinks.make(spec.app(), spec.sandbox());
    for (String name : List.of("stdout", "stderr")) {
      makeLog(spec.sandbox().resolve(name));
    }
    if (user != null && another) {
      TaskUser.own(spec.sandbox(), user);
    }
    return script;
  }

  /** Kept when it is there: an earlier attempt of this launch made it. */
  private static void makeLog(Path log) throws IOException {
    if (Files.isRegularFile(log)) {
      return;
    }
    try {
      Files.createFile(log);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(log.getFileName() + " in the sandbox is no file", e);
    }
  }
}
