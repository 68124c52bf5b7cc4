package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legacy forms, defaults and partial updates (marathon-api reference, 2.5 and 8.4). */
class AppNormalizerTest {
  private static final String DEFAULT_PORT = "[{'port':0,'name':'default','protocol':'tcp'}]";
  private static final String HOST = "[{'mode':'host'}]";
  private static final String BRIDGE = "[{'mode':'container/bridge'}]";

  @Test
  void theLabsDefinitionIsTakenUnchanged() {
    AppSpec spec = Wire.spec(Wire.file("lab-request.json"));
    assertEquals(Wire.tree(Wire.file("lab-app.json")), Wire.shown(spec));
  }

  @Test
  void everyFieldFindsItsCanonicalForm() {
    AppSpec spec = Wire.spec(Wire.file("full-request.json"));
    assertEquals(Wire.tree(Wire.file("full-app.json")), Wire.shown(spec));
  }

  @Test
  void whatIsShownIsTakenBackUnchanged() {
    for (String file : new String[] {"lab-request.json", "full-request.json"}) {
      AppSpec spec = Wire.spec(Wire.file(file));
      AppSpec again = Wire.spec(Json.write(AppJson.of(spec)));
      assertEquals(spec, again);
      assertEquals(spec, Wire.updated(spec, Json.write(AppJson.of(spec))));
    }
  }

  /** Rows: rest of the definition | networks | portDefinitions | portMappings, - for absent. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'cmd':'x1' | " + HOST + " | " + DEFAULT_PORT + " | -",
        "'cmd':'x1','ports':null,'dependencies':null,'env':null | "
            + HOST
            + " | "
            + DEFAULT_PORT
            + " | -",
        "'cmd':'x1','ports':[8080,0] | "
            + HOST
            + " | [{'port':8080,'protocol':'tcp'},{'port':0,'protocol':'tcp'}] | -",
        "'cmd':'x1','ports':[] | " + HOST + " | [] | -",
        "'cmd':'x1','portDefinitions':[] | " + HOST + " | [] | -",
        "'cmd':'x1','ports':[9090],'portDefinitions':[{'port':9090}] | "
            + HOST
            + " | [{'port':9090,'protocol':'tcp'}] | -",
        "'container':{'docker':{'image':'i','network':'HOST'}} | "
            + HOST
            + " | "
            + DEFAULT_PORT
            + " | -",
        "'container':{'docker':{'image':'i','network':'HOST','portMappings':[{'containerPort':80}]}} | "
            + HOST
            + " | "
            + DEFAULT_PORT
            + " | -",
        "'container':{'docker':{'image':'i','portMappings':[{'containerPort':80}]}} | "
            + HOST
            + " | "
            + DEFAULT_PORT
            + " | -",
        "'networks':[{'mode':'host'}],'container':{'docker':{'image':'i'},'portMappings':[{'containerPort':80}]} | "
            + HOST
            + " | "
            + DEFAULT_PORT
            + " | -",
        "'container':{'docker':{'image':'i','network':'BRIDGE','portMappings':[{'containerPort':80}]}} | "
            + BRIDGE
            + " | - | [{'containerPort':80,'hostPort':0,'labels':{},'protocol':'tcp','servicePort':0}]",
        "'container':{'docker':{'image':'i','network':'bridge'}} | "
            + BRIDGE
            + " | - | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]",
        "'container':{'docker':{'image':'i','network':'BRIDGE','portMappings':[]}} | "
            + BRIDGE
            + " | - | []",
        "'container':{'docker':{'image':'i','network':'USER','portMappings':[{'containerPort':80}]}},'ipAddress':{'networkName':'n'} | [{'mode':'container','name':'n'}] | - | [{'containerPort':80,'labels':{},'protocol':'tcp','servicePort':0}]",
        "'networks':[{'mode':'container/bridge'}],'container':{'docker':{'image':'i'},'portMappings':[{'containerPort':80,'protocol':'tcp,udp'}]},'portDefinitions':[{'port':0},{'port':0}] | "
            + BRIDGE
            + " | - | [{'containerPort':80,'hostPort':0,'labels':{},'protocol':'udp,tcp','servicePort':0},{'containerPort':0,'hostPort':0,'labels':{},'protocol':'tcp','servicePort':0}]",
        "'cmd':'x1','networks':[{'name':'n'}] | [{'mode':'container','name':'n'}] | - | [{'containerPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]",
        "'cmd':'x1','ipAddress':{'networkName':'n','labels':{'a':'b'}} | [{'mode':'container','name':'n','labels':{'a':'b'}}] | - | [{'containerPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]",
        "'cmd':'x1','ipAddress':{'networkName':'mesos-bridge'} | "
            + BRIDGE
            + " | - | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]",
        "'cmd':'x1','ipAddress':{'networkName':'n','discovery':{'ports':[{'number':81,'name':'rest','protocol':'tcp'}]}} | [{'mode':'container','name':'n'}] | - | [{'containerPort':81,'labels':{},'name':'rest','protocol':'tcp','servicePort':0}]",
      })
  void networkFormsAreTranslated(
      String rest, String networks, String definitions, String mappings) {
    JsonNode app = Wire.shown(Wire.spec(json("{'id':'/x'," + rest + "}")));
    assertSame(networks, app.path("networks"));
    assertSame(definitions, app.path("portDefinitions"));
    assertSame(mappings, app.path("container").path("portMappings"));
    assertTrue(app.path("container").path("docker").path("network").isMissingNode());
    for (String never : new String[] {"ports", "uris", "ipAddress", "foo"}) {
      assertFalse(app.has(never), never);
    }
  }

  /** Rows: rest of the definition | path | message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'networks':[{'mode':'host'}],'container':{'docker':{'image':'i','network':'HOST'}} | / | must not specify both container.docker.network and networks",
        "'container':{'docker':{'image':'i','network':'NONE'}} | /container/docker/network | unsupported docker network type NONE",
        "'container':{'docker':{'image':'i','network':'BRIDGE','portMappings':[{}]},'portMappings':[]} | /container | cannot specify both portMappings and docker.portMappings",
        "'container':{'docker':{'image':'i','network':'USER'}} | /networks | Network name must be specified when container network is selected.",
        "'container':{'type':'MESOS','docker':{'image':'i','network':'HOST'}} | /container/docker/network | must be empty",
        "'container':{'docker':{'image':'i'}},'ipAddress':{'discovery':{'ports':[]}} | /ipAddress | ipAddress/discovery is not allowed for Docker containers",
        "'cmd':'x1','ports':[8080],'portDefinitions':[{'port':9090}] | / | cannot specify both ports and port definitions",
        "'cmd':'x1','ports':[8080,8080] | / | ports must be unique",
        "'cmd':'x1','ports':[1],'ipAddress':{} | / | cannot specify both an IP address and port",
        "'cmd':'x1','networks':[{'mode':'host'}],'ipAddress':{} | / | must not specify both networks and ipAddress",
        "'cmd':'x1','uris':['http://a'],'fetch':[{'uri':'http://b'}] | /uris | may not be set in conjunction with fetch",
        "'cmd':'x1','uris':['http://a b'] | /uris(0) | URI has invalid syntax.",
        "'cmd':'x1','networks':[{'mode':'host','name':'n'}] | /networks | Host networks may not have names or labels",
        "'cmd':'x1','networks':[{'mode':'container/bridge','name':'n'}] | /networks | Bridge networks may not have names",
        "'cmd':'x1','networks':[{'name':'n'},{'name':'n'}] | /networks | Duplicate networks are not allowed",
        "'cmd':'x1','networks':[{'mode':'host'},{'name':'n'}] | /networks | May specify a single host network, single bridge network, or else 1-to-n container networks",
        "'container':{'volumes':[]} | /container/docker | not defined",
        "'cmd':'x1','constraints':[['hostname']] | /constraints(0) | Each constraint must have either 2 or 3 fields",
        "'cmd':'x1','constraints':[['hostname','FOO']] | /constraints(0) | operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS",
        "'cmd':'x1','env':{'P':{'secret':'s'}} | /env(P) | use of secret-references in the environment requires the secrets feature to be enabled",
        "'cmd':'x1','secrets':{'s':{'source':'/s'}} | /secrets | Feature secrets is not enabled. Enable with --enable_features secrets)",
        "'cmd':'x1','acceptedResourceRoles':[] | /acceptedResourceRoles | must not be empty",
        "'cmd':'x1','residency':{} | /residency | resident apps are not supported",
        "'cmd':'x1','container':{'type':'MESOS','volumes':[{'containerPath':'d','mode':'RW','persistent':{'size':1}}]} | /container/volumes(0)/persistent | persistent volumes are not supported",
      })
  void contradictionsAreNamed(String rest, String path, String message) {
    assertTrue(
        Wire.broken(json("{'id':'/x'," + rest + "}")).contains(new Violation(path, message)),
        () -> Wire.broken(json("{'id':'/x'," + rest + "}")).toString());
  }

  @Test
  void aCheckWithoutPortMeansTheFirstWhereAPortIsNamed() {
    String check = "'healthChecks':[{'path':'/h'}]";
    assertEquals(0, portIndex("'cmd':'x1','portDefinitions':[{'port':0}]," + check));
    assertEquals(0, portIndex("'container':{'docker':{'image':'i','network':'BRIDGE'}}," + check));
    assertEquals(-1, portIndex("'cmd':'x1'," + check));
    assertEquals(-1, portIndex("'cmd':'x1','ports':[0]," + check));
    AppSpec updated =
        Wire.updated(Wire.spec(json("{'id':'/x','cmd':'x1'}")), json("{" + check + "}"));
    assertEquals(0, updated.healthChecks().get(0).portIndex());
  }

  @Test
  void aPartialUpdateReplacesWholeTopLevelValues() {
    AppSpec stored =
        Wire.spec(json("{'id':'/x','cmd':'x1','env':{'A':'1'},'labels':{'l':'1'}}"))
            .withVersion(
                Instant.ofEpochSecond(9), Instant.ofEpochSecond(9), Instant.ofEpochSecond(8));
    AppSpec updated = Wire.updated(stored, json("{'id':'/other','env':{'B':'2'},'instances':3}"));
    assertEquals(java.util.Map.of("B", "2"), updated.env());
    assertEquals(java.util.Map.of("l", "1"), updated.labels());
    assertEquals("x1", updated.cmd());
    assertEquals(3, updated.instances());
    assertEquals(stored.id(), updated.id());
    assertEquals(stored.version(), updated.version());
    assertEquals(stored.lastConfigChangeAt(), updated.lastConfigChangeAt());
  }

  @Test
  void scalingAloneKeepsTheConfiguration() {
    AppSpec stored = Wire.spec(Wire.file("full-request.json"));
    assertTrue(Wire.updated(stored, json("{'instances':5}")).sameConfig(stored));
  }

  @Test
  void networksPortsAndContainerAreNormalisedTogether() {
    AppSpec bridge =
        Wire.spec(json("{'id':'/x','container':{'docker':{'image':'i','network':'BRIDGE'}}}"));
    JsonNode host =
        Wire.shown(
            Wire.updated(bridge, json("{'container':{'docker':{'image':'i','network':'HOST'}}}")));
    assertSame(HOST, host.path("networks"));
    assertSame(DEFAULT_PORT, host.path("portDefinitions"));
    JsonNode back =
        Wire.shown(
            Wire.updated(
                Wire.spec(Json.write(host)),
                json("{'container':{'docker':{'image':'i','network':'BRIDGE'}}}")));
    assertSame(BRIDGE, back.path("networks"));
    assertTrue(back.path("portDefinitions").isMissingNode());
    assertFalse(back.path("requirePorts").asBoolean());
  }

  @Test
  void argsGiveWayToACommandOnlyWhenEmptied() {
    AppSpec stored = Wire.spec(json("{'id':'/x','args':['a']}"));
    assertEquals(java.util.List.of(), Wire.updated(stored, json("{'cmd':'x1','args':[]}")).args());
    assertEquals(java.util.List.of("a"), Wire.updated(stored, json("{'cmd':'x1'}")).args());
  }

  @Test
  void requiredPortsBecomeHostPorts() {
    AppSpec spec =
        Wire.spec(
            json("{'id':'/x','cmd':'x1','requirePorts':true,'portDefinitions':[{'port':31500}]}"));
    assertEquals(31500, spec.ports().get(0).hostPort());
    assertEquals(31500, spec.ports().get(0).servicePort());
  }

  @Test
  void onlyAVersionIsARollback() {
    String version = "'version':'2014-03-01T23:42:20.938Z'";
    assertTrue(AppNormalizer.isRollback(Wire.app(json("{" + version + "}"))));
    assertTrue(AppNormalizer.isRollback(Wire.app(json("{'id':'/x'," + version + "}"))));
    assertFalse(AppNormalizer.isRollback(Wire.app(json("{'instances':2," + version + "}"))));
    assertFalse(AppNormalizer.isRollback(Wire.app(json("{'instances':2}"))));
  }

  private static int portIndex(String rest) {
    return Wire.shown(Wire.spec(json("{'id':'/x'," + rest + "}")))
        .path("healthChecks")
        .path(0)
        .path("portIndex")
        .asInt(-1);
  }

  private static void assertSame(String expected, JsonNode actual) {
    if (expected.equals("-")) {
      assertTrue(actual.isMissingNode(), actual.toString());
    } else {
      assertEquals(Wire.tree(json(expected)), actual);
    }
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
