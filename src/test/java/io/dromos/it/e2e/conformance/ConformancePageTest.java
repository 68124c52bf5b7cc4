package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The page tells what the suite does, number by number, and leaves none out. */
class ConformancePageTest {
  private static final int CHECKS = 172;
  private static final Path SITE = Path.of("src/site/markdown");
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| .+ \\| ([^|]+) \\| (?:`(\\w+)`)? ?\\|");
  private static final Pattern DIFFERENT =
      Pattern.compile("different: \\[ADR (\\d{4})\\]\\((adr/\\1-[a-z0-9-]+\\.md)\\)");

  /** What a row says of a check. */
  private record Row(String status, String test) {}

  @Test
  void thePageNamesEveryCheckOnceAndInOrder() throws IOException {
    List<Integer> numbers = matches().stream().map(m -> Integer.valueOf(m.group(1))).toList();
    assertEquals(IntStream.rangeClosed(1, CHECKS).boxed().toList(), numbers);
  }

  @Test
  void everyStatusIsTrueOfTheTestBehindIt() throws IOException {
    Map<Integer, Method> tests = tests();
    for (Map.Entry<Integer, Row> entry : rows().entrySet()) {
      String said = entry.getKey() + ": " + entry.getValue();
      Row row = entry.getValue();
      Method test = tests.get(entry.getKey());
      if (row.status().equals("not applicable")) {
        assertNull(test, said);
        continue;
      }
      assertTrue(test != null, said);
      assertEquals(test.getName(), row.test(), said);
      assertNull(test.getAnnotation(Disabled.class), said);
      int adr = test.getAnnotation(Check.class).adr();
      Matcher different = DIFFERENT.matcher(row.status());
      if (different.matches()) {
        assertEquals(adr, Integer.parseInt(different.group(1)), said);
        assertTrue(Files.exists(SITE.resolve(different.group(2))), said);
      } else {
        assertEquals("passed", row.status(), said);
        assertEquals(0, adr, said);
      }
    }
  }

  @Test
  void everySectionIsRun() {
    List<Class<?>> run = nested().stream().flatMap(c -> Arrays.stream(c.getInterfaces())).toList();
    assertEquals(9, run.size());
    run.forEach(section -> assertTrue(Section.class.isAssignableFrom(section), section.getName()));
  }

  private static List<Class<?>> nested() {
    return Arrays.<Class<?>>stream(MarathonConformanceE2eIT.class.getDeclaredClasses())
        .filter(c -> c.isAnnotationPresent(Nested.class))
        .toList();
  }

  /** Test methods by number; a number that is used twice fails. */
  private static Map<Integer, Method> tests() {
    Map<Integer, Method> tests = new TreeMap<>();
    for (Class<?> section : nested()) {
      assertNull(section.getAnnotation(Disabled.class), section.getName());
      for (Method method : section.getMethods()) {
        Check check = method.getAnnotation(Check.class);
        if (check != null) {
          Method other = tests.put(check.value(), method);
          assertNull(other, () -> "two tests for " + check.value());
        }
      }
    }
    return tests;
  }

  private static Map<Integer, Row> rows() throws IOException {
    Map<Integer, Row> rows = new TreeMap<>();
    for (Matcher row : matches()) {
      String test = row.group(3) == null ? "" : row.group(3);
      rows.put(Integer.valueOf(row.group(1)), new Row(row.group(2).strip(), test));
    }
    return rows;
  }

  private static List<Matcher> matches() throws IOException {
    return Files.readAllLines(SITE.resolve("marathon-conformance.md")).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .toList();
  }
}
