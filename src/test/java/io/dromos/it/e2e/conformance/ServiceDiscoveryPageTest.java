package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about service discovery claims nothing that no test stands behind. */
class ServiceDiscoveryPageTest {
  private static final int CHECKS = 102;
  private static final Path SITE = Path.of("src/site/markdown");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| .+ \\| ([^|]+) \\| (?:`(\\w+)#(\\w+)`)? ?\\|");
  private static final Pattern DIFFERENT =
      Pattern.compile("different: \\[ADR (\\d{4})\\]\\((adr/\\1-[a-z0-9-]+\\.md)\\)");

  private static List<Matcher> rows() throws IOException {
    return Files.readAllLines(SITE.resolve("service-discovery-conformance.md")).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .toList();
  }

  @Test
  void thePageNamesEveryCheckOnceAndInOrder() throws IOException {
    assertEquals(
        IntStream.rangeClosed(1, CHECKS).boxed().toList(),
        rows().stream().map(row -> Integer.valueOf(row.group(1))).toList());
  }

  @Test
  void aCheckThatIsAnsweredNamesATestThatIsRunAndOthersNameNone() throws IOException {
    for (Matcher row : rows()) {
      String status = row.group(2).strip();
      Matcher different = DIFFERENT.matcher(status);
      if (different.matches()) {
        assertTrue(Files.exists(SITE.resolve(different.group(2))), row.group());
      }
      if (status.equals("passed") || different.matches()) {
        assertTrue(row.group(3) != null, () -> "without a test: " + row.group());
        assertTrue(isRun(row.group(3), row.group(4)), () -> "no such test: " + row.group());
      } else {
        assertTrue(List.of("open", "not applicable").contains(status), row.group());
        assertEquals(null, row.group(3), row.group());
      }
    }
  }

  /** A test method of that class, and none that is switched off. */
  private static boolean isRun(String type, String method) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      Path file =
          files.filter(path -> path.endsWith(type + ".java")).findFirst().orElse(Path.of(""));
      if (!Files.isRegularFile(file)) {
        return false;
      }
      String text = Files.readString(file);
      // The annotations stand between the method and the end of the member before it.
      int at = text.indexOf("  void " + method + "(");
      String before = at < 0 ? "" : text.substring(text.lastIndexOf("\n  }\n", at) + 1, at);
      return (before.contains("@Test") || before.contains("@ParameterizedTest"))
          && !text.contains("@Disabled");
    }
  }
}
