package io.dromos.dcos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of sandboxes, and of nothing else. */
class SandboxFilesTest {
  private static final TaskId TASK = new TaskId("sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c");
  private static final String ROOT = SandboxFiles.path("F-0000", TASK);

  @TempDir Path dir;
  private Path sandbox;
  private SandboxFiles files;

  @BeforeEach
  void fill() throws IOException {
    Sandboxes sandboxes = new Sandboxes(dir.resolve("sandboxes"));
    sandbox = sandboxes.create(TASK);
    Files.writeString(sandbox.resolve("stdout"), "hello");
    Files.createDirectories(sandbox.resolve("sub/deep"));
    Files.writeString(sandbox.resolve("sub/x.txt"), "x");
    Files.writeString(dir.resolve("secret"), "s");
    files = new SandboxFiles(sandboxes);
  }

  @Test
  void aDirectoryIsListedByNameWithoutWhatIsBelow() throws IOException {
    assertEquals(List.of(ROOT + "/stdout", ROOT + "/sub"), paths(ROOT));
    assertEquals(List.of(ROOT + "/./stdout", ROOT + "/./sub"), paths(ROOT + "/."));
    assertEquals(List.of(ROOT + "/sub/deep", ROOT + "/sub/x.txt"), paths(ROOT + "/sub/"));
    assertEquals(List.of(), paths(ROOT + "/stdout"), "a file has nothing in it");
    SandboxFiles.EntryJson file = files.browse(ROOT).orElseThrow().get(0);
    assertEquals(5, file.size());
    assertTrue(file.mode().matches("-rw.{7}"), file.mode());
    assertEquals('d', files.browse(ROOT).orElseThrow().get(1).mode().charAt(0));
    assertEquals(Optional.of(sandbox.resolve("stdout")), files.file(ROOT + "/stdout"));
  }

  @Test
  void nothingOutsideIsShown() throws IOException {
    Files.createSymbolicLink(sandbox.resolve("out"), dir);
    Files.createSymbolicLink(sandbox.resolve("leak"), dir.resolve("secret"));
    for (String path :
        List.of(
            ROOT + "/..",
            ROOT + "/../..",
            ROOT + "/sub/../../..",
            ROOT + "//etc/passwd",
            ROOT + "/out",
            ROOT + "/out/secret",
            ROOT + "/leak",
            ROOT + "/a\0b",
            "/etc",
            "/frameworks/F/executors/../runs/x",
            "/frameworks/F/executors/not-an-id/runs/x",
            ROOT.replace("sise", "other"),
            "")) {
      assertEquals(Optional.empty(), files.browse(path), path);
      assertEquals(Optional.empty(), files.file(path), path);
    }
    assertEquals(
        List.of('l', 'l', '-', 'd'),
        files.browse(ROOT).orElseThrow().stream().map(e -> e.mode().charAt(0)).toList(),
        "links are shown as links");
  }

  private List<String> paths(String path) throws IOException {
    return files.browse(path).orElseThrow().stream().map(SandboxFiles.EntryJson::path).toList();
  }
}
