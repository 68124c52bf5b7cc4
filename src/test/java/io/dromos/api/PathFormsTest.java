package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathFormsTest {
  @ParameterizedTest
  @CsvSource({
    "/v2/apps/sise, /v2/apps/sise",
    "/v2/apps//sise, /v2/apps/sise",
    "//v2///apps/, /v2/apps/",
    "/service/marathon/v2/apps, /v2/apps",
    "//service//marathon//ping, /ping",
    "/marathon/v2/apps/%2Fsise, /v2/apps/%2Fsise",
    "/service/marathon, /",
    "/marathon/, /",
    "/marathonlike/x, /marathonlike/x",
    "/service/other/v2/apps, /service/other/v2/apps",
    "/v2/apps/service/marathon, /v2/apps/service/marathon",
    "/service/marathon/service/marathon/ping, /service/marathon/ping",
  })
  void aPathIsBroughtIntoTheFormThatTheResourcesKnow(String written, String known) {
    assertEquals(known, PathForms.canonical(written));
  }
}
