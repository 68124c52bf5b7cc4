package io.dromos.runtime.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
  @Test
  void everyWordIsReadAndTheOthersStayAsTheyWere() {
    Script script = Script.PLAIN.with("start=50ms, run=10s,exit=1").with("sick=2m,odds=30%");
    assertEquals(
        new Script(
            Duration.ofMillis(50),
            Script.Launch.OK,
            Duration.ofSeconds(10),
            1,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(2),
            30),
        script);
    assertEquals(Script.PLAIN, Script.PLAIN.with(""));
  }

  @Test
  void aScriptThatWasWrittenIsReadAsTheSame() {
    Script script =
        Script.PLAIN.with("start=1s,launch=refuse,run=1h,exit=9,stop=3s,healthy=4s,sick=5s,odds=7");
    assertEquals(script, Script.PLAIN.with(script.toString()));
    assertEquals(Script.PLAIN, Script.PLAIN.with(Script.PLAIN.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strt=5s|use start, launch",
        "start|no word of a script",
        "start=5|a duration such as 50ms",
        "run=-1s|a duration such as 50ms",
        "exit=256|from 0 to 255",
        "odds=101%|from 0 to 100",
        "launch=maybe|ok, fail or refuse"
      })
  void whatCannotBeReadIsRefusedWithTheFix(String text, String fix) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Script.PLAIN.with(text)).getMessage();
    assertTrue(message.contains(fix), message);
  }
}
