package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Label selectors (marathon-api reference, 1.6.1 and 8.3). */
class LabelSelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("env", "prod", "tier", "1", "in", "out", "a b", "c,d");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "'' | true",
        "env | true",
        "foo | false",
        "env==prod | true",
        "env == prod | true",
        "env!=prod | false",
        "env!=test | true",
        "foo!=x | false",
        "env in (dev,prod) | true",
        "env in ( dev ) | false",
        "tier notin (2) | true",
        "tier notin (1, 2) | false",
        "foo notin (1) | false",
        "env==prod,tier==2 | false",
        "env==prod , tier | true",
        "in==out | true",
        "in in (out) | true",
        "a\\ b==c\\,d | true",
      })
  void selects(String selector, boolean matches) {
    assertEquals(matches, LabelSelector.parse(selector == null ? "" : selector).test(LABELS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"env=", "(", "env==", "env in", "env in (", "env in ()", ",", "env,", "a b"})
  void refusesWhatItCannotRead(String selector) {
    assertThrows(IllegalArgumentException.class, () -> LabelSelector.parse(selector));
  }
}
