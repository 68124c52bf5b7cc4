package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges, patterns and words of single values (marathon-api reference, 8.2). */
class AppSchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'instances':-1} | /instances | error.min",
        "{'cpus':0} | /cpus | error.min",
        "{'mem':-1} | /mem | error.min",
        "{'backoffFactor':0.5} | /backoffFactor | error.min",
        "{'cmd':''} | /cmd | error.minLength",
        "{'upgradeStrategy':{'minimumHealthCapacity':0.5}} | /upgradeStrategy/maximumOverCapacity | error.path.missing",
        "{'upgradeStrategy':{'minimumHealthCapacity':1.5,'maximumOverCapacity':0}} | /upgradeStrategy/minimumHealthCapacity | error.max",
        "{'unreachableStrategy':'enabled'} | /unreachableStrategy | error.unknown.enum.literal",
        "{'killSelection':'RANDOM'} | /killSelection | error.unknown.enum.literal",
        "{'ports':[70000]} | /ports(0) | error.max",
        "{'portDefinitions':[{'name':'A_B'}]} | /portDefinitions(0)/name | error.pattern",
        "{'portDefinitions':[{'protocol':'sctp'}]} | /portDefinitions(0)/protocol | error.unknown.enum.literal",
        "{'env':{'A':1}} | /env/A | error.expected.jsstring",
        "{'container':{'docker':{}}} | /container/docker/image | error.path.missing",
        "{'container':{'type':'RKT'}} | /container/type | error.unknown.enum.literal",
        "{'container':{'volumes':[{'containerPath':'/a','mode':'RW'}]}} | /container/volumes(0)/hostPath | error.path.missing",
        "{'healthChecks':[{'protocol':'FTP'}]} | /healthChecks(0)/protocol | error.unknown.enum.literal",
        "{'healthChecks':[{'portIndex':-1}]} | /healthChecks(0)/portIndex | error.min",
        "{'readinessChecks':[{'httpStatusCodesForReady':[]}]} | /readinessChecks(0)/httpStatusCodesForReady | error.minLength",
        "{'fetch':[{}]} | /fetch(0)/uri | error.path.missing",
        "{'networks':[{'mode':'overlay'}]} | /networks(0)/mode | error.unknown.enum.literal",
      })
  void brokenRulesAreNamed(String json, String path, String error) {
    assertEquals(
        List.of(new Violation(path, error)),
        AppSchema.check(Wire.app(json.replace('\'', '"')), ""));
  }

  @Test
  void wordsAreTakenInAnyCase() {
    String json =
        "{'healthChecks':[{'protocol':'http'}],'killSelection':'oldest_first',"
            + "'container':{'type':'docker','docker':{'image':'i','network':'bridge'}},"
            + "'portDefinitions':[{'protocol':'UDP'}],'unreachableStrategy':'disabled'}";
    assertEquals(List.of(), AppSchema.check(Wire.app(json.replace('\'', '"')), ""));
  }

  @Test
  void pathsOfAListCarryTheIndex() {
    List<Violation> found = AppSchema.check(Wire.app("{\"instances\":-1}"), "(2)");
    assertTrue(found.contains(new Violation("(2)/instances", "error.min")), found.toString());
  }
}
