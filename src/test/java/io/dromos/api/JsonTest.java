package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.type.CollectionType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bodies are refused before any resource sees them (marathon-api reference, 1.2). */
class JsonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'cpus':'1'} | /cpus | error.expected.jsnumber",
        "{'cpus':''} | /cpus | error.expected.jsnumber",
        "{'requirePorts':''} | /requirePorts | error.expected.jsboolean",
        "{'ports':[1,' ']} | /ports(1) | error.expected.jsnumber",
        "{'ports':[1,'\\u0000']} | /ports(1) | error.expected.jsnumber",
        "{'cpus':true} | /cpus | error.expected.jsnumber",
        "{'instances':1.5} | /instances | error.expected.int",
        "{'instances':99999999999} | /instances | error.expected.int",
        "{'cmd':'a\\ud800b'} | /cmd | half of a UTF-16 pair is no text",
        "{'labels':{'\\udc00':'x'}} | /labels/? | half of a UTF-16 pair is no text",
        "{'id':1} | /id | error.expected.jsstring",
        "{'id':['a']} | /id | error.expected.jsstring",
        "{'labels':{'a':1}} | /labels/a | error.expected.jsstring",
        "{'labels':[]} | /labels | error.expected.jsobject",
        "{'args':'a'} | /args | error.expected.jsarray",
        "{'args':['a',1]} | /args(1) | error.expected.jsstring",
        "{'args':['a',null]} | /args(1) | error.path.missing",
        "{'requirePorts':'true'} | /requirePorts | error.expected.jsboolean",
        "{'container':{'docker':{'portMappings':[{'containerPort':'80'}]}}} | /container/docker/portMappings(0)/containerPort | error.expected.jsnumber",
        "{'constraints':[['a',['b']]]} | /constraints(0)(1) | error.expected.jsstring",
        "{'unreachableStrategy':{'inactiveAfterSeconds':'5'}} | /unreachableStrategy/inactiveAfterSeconds | error.expected.jsnumber",
        "[] | / | error.expected.jsobject",
        "'text' | / | error.expected.jsobject",
        "null | / | error.expected.jsobject",
      })
  void aWrongKindIsNamedWithItsPath(String json, String path, String error) {
    BodyException refused = refused(json);
    assertEquals(422, refused.status());
    assertEquals(
        "{\"message\":\"Invalid JSON\",\"details\":[{\"path\":\""
            + path
            + "\",\"errors\":[\""
            + error
            + "\"]}]}",
        Json.write(refused.body()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"{", "{'id':", "{'id':'/x'} x", "nonsense", "{'id' '/x'}"})
  void brokenJsonIs400WithTheParsersText(String json) {
    BodyException refused = refused(json);
    assertEquals(400, refused.status());
    assertEquals("Invalid JSON", refused.body().message());
    assertTrue(refused.body().details() instanceof String, String.valueOf(refused.body()));
  }

  @Test
  void anEmptyBodyAsksForJson() {
    for (String body : List.of("", "  \n")) {
      BodyException refused = refused(body);
      assertEquals(400, refused.status());
      assertEquals("Please specify data in JSON format", refused.body().message());
    }
  }

  @Test
  void elementsOfAListAreCounted() {
    CollectionType list =
        Json.MAPPER.getTypeFactory().constructCollectionType(List.class, AppJson.class);
    byte[] body = "[{\"id\":\"/a\"},{\"id\":7}]".getBytes(StandardCharsets.UTF_8);
    BodyException refused = assertThrows(BodyException.class, () -> Json.read(body, list));
    assertTrue(Json.write(refused.body()).contains("\"(1)/id\""), Json.write(refused.body()));
  }

  @Test
  void timesAlwaysHaveThreeDigits() {
    assertEquals("1970-01-01T00:00:01.000Z", Json.time(Instant.ofEpochSecond(1)));
    assertEquals("1970-01-01T00:00:00.009Z", Json.time(Instant.ofEpochMilli(9)));
    assertEquals("\"1970-01-01T00:00:00.009Z\"", Json.write(Instant.ofEpochMilli(9)));
  }

  private static BodyException refused(String json) {
    return assertThrows(
        BodyException.class,
        () -> Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), AppJson.class));
  }
}
