package io.dromos.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Definitions that set one field each to what is not its default, in the tests' single quotes. */
final class AppFieldSamples {
  private static final String NETWORKED = "'networks':[{'mode':'container','name':'n'}]";
  private static final String IMAGE = "'container':{'docker':{'image':'i'}}";
  private static final Map<String, String> MAPPING =
      Map.of(
          "containerPort", "80",
          "hostPort", "31080",
          "labels", "{'VIP_0':'web:80'}",
          "name", "'http'",
          "protocol", "'udp,tcp'",
          "servicePort", "10099",
          "networkNames", "['n']");

  private AppFieldSamples() {}

  static Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    simple(all);
    containers(all);
    lists(all);
    legacy(all);
    for (String whole :
        List.of(
            "check.http:{}",
            "check.tcp:{}",
            "check.exec:{}",
            "check.intervalSeconds:1",
            "check.timeoutSeconds:1",
            "check.delaySeconds:1",
            "executorResources.cpus:1",
            "executorResources.mem:32",
            "executorResources.disk:10",
            "residency.relaunchEscalationTimeoutSeconds:1",
            "residency.taskLostBehavior:'WAIT_FOREVER'",
            "resourceLimits.cpus:2",
            "resourceLimits.mem:'unlimited'")) {
      String field = whole.substring(0, whole.indexOf(':'));
      String top = field.substring(0, field.indexOf('.'));
      String inner = field.substring(field.indexOf('.') + 1);
      all.put(field, "'" + top + "':{'" + inner + "'" + whole.substring(whole.indexOf(':')) + "}");
      all.put(top, all.get(field));
    }
    all.put("secrets", "'secrets':{'s':{'source':'x'}}");
    all.put("secrets.*.source", "'secrets':{'s':{'source':'x'}}");
    all.put("env.*.secret", "'env':{'A':{'secret':'s'}}");
    return all;
  }

  private static void simple(Map<String, String> all) {
    all.put("id", "'id':'/x'");
    all.put("acceptedResourceRoles", "'acceptedResourceRoles':['slave_public']");
    all.put("args", "'args':['a','b']");
    all.put("backoffFactor", "'backoffFactor':2.5");
    all.put("backoffSeconds", "'backoffSeconds':7");
    all.put("cmd", "'cmd':'sleep 5'");
    all.put("constraints", "'constraints':[['hostname','UNIQUE']]");
    all.put("cpus", "'cpus':0.25");
    all.put("dependencies", "'dependencies':['/db']");
    all.put("disk", "'disk':12");
    all.put("env", "'env':{'A':'1'}");
    all.put("executor", "'executor':'/opt/executor'");
    all.put("instances", "'instances':3");
    all.put("labels", "'labels':{'a':'b'}");
    all.put("maxLaunchDelaySeconds", "'maxLaunchDelaySeconds':60");
    all.put("mem", "'mem':64");
    all.put("gpus", "'gpus':1");
    all.put("requirePorts", "'requirePorts':true");
    all.put("taskKillGracePeriodSeconds", "'taskKillGracePeriodSeconds':30");
    all.put("upgradeStrategy", upgrade());
    all.put("upgradeStrategy.maximumOverCapacity", upgrade());
    all.put("upgradeStrategy.minimumHealthCapacity", upgrade());
    all.put("user", "'user':'nobody'");
    all.put("version", "'version':'2024-01-01T12:00:00.000Z'");
    String info =
        "'versionInfo':{'lastScalingAt':'2024-01-01T12:00:00.000Z','lastConfigChangeAt':"
            + "'2024-01-01T12:00:00.000Z'}";
    all.put("versionInfo", info);
    all.put("versionInfo.lastScalingAt", info);
    all.put("versionInfo.lastConfigChangeAt", info);
    all.put("killSelection", "'killSelection':'OLDEST_FIRST'");
    all.put("unreachableStrategy", "'unreachableStrategy':'disabled'");
    String unreachable = "'unreachableStrategy':{'inactiveAfterSeconds':5,'expungeAfterSeconds':9}";
    all.put("unreachableStrategy.inactiveAfterSeconds", unreachable);
    all.put(
        "unreachableStrategy.expungeAfterSeconds",
        "'unreachableStrategy':{'inactiveAfterSeconds':0,'expungeAfterSeconds':9}");
    all.put("tty", "'tty':true");
    all.put("role", "'role':'a'");
  }

  private static String upgrade() {
    return "'upgradeStrategy':{'minimumHealthCapacity':0.5,'maximumOverCapacity':0.25}";
  }

  private static void containers(Map<String, String> all) {
    all.put("container", IMAGE);
    all.put("container.type", "'container':{'type':'MESOS','docker':{'image':'i'}}");
    all.put("container.docker", IMAGE);
    docker(all, "credential", "{}");
    docker(all, "forcePullImage", "true");
    all.put("container.docker.image", IMAGE);
    docker(all, "privileged", "true");
    docker(all, "pullConfig", "{'secret':'s'}");
    docker(all, "parameters", "[{'key':'hostname','value':'h'}]");
    all.put("container.docker.parameters[].key", all.get("container.docker.parameters"));
    all.put("container.docker.parameters[].value", all.get("container.docker.parameters"));
    all.put(
        "container.linuxInfo", "'container':{'docker':{'image':'i'},'linuxInfo':{'seccomp':{}}}");
    String host = volume("'hostPath':'/srv','mode':'RO'");
    all.put("container.volumes", host);
    all.put("container.volumes[].containerPath", host);
    all.put("container.volumes[].hostPath", host);
    all.put("container.volumes[].mode", host);
    all.put("container.volumes[].persistent", volume("'mode':'RW','persistent':{'size':1}"));
    all.put("container.volumes[].external", volume("'mode':'RW','external':{'name':'x'}"));
    all.put("container.volumes[].secret", volume("'secret':'s'"));
    for (String field : MAPPING.keySet()) {
      String mappings = "[{'" + field + "':" + MAPPING.get(field) + "}]";
      String network =
          field.equals("networkNames") ? NETWORKED : "'networks':[{'mode':'container/bridge'}]";
      all.put(
          "container.portMappings[]." + field,
          network + ",'container':{'docker':{'image':'i'},'portMappings':" + mappings + "}");
      String legacy = field.equals("networkNames") ? "'USER'" : "'BRIDGE'";
      all.put(
          "container.docker.portMappings[]." + field,
          (field.equals("networkNames") ? "'ipAddress':{'networkName':'n'}," : "")
              + "'container':{'docker':{'image':'i','network':"
              + legacy
              + ",'portMappings':"
              + mappings
              + "}}");
    }
    all.put("container.portMappings", all.get("container.portMappings[].containerPort"));
    all.put(
        "container.docker.portMappings", all.get("container.docker.portMappings[].containerPort"));
    docker(all, "network", "'BRIDGE'");
  }

  private static void docker(Map<String, String> all, String field, String value) {
    all.put(
        "container.docker." + field,
        "'container':{'docker':{'image':'i','" + field + "':" + value + "}}");
  }

  private static String volume(String rest) {
    return "'container':{'docker':{'image':'i'},'volumes':[{'containerPath':'/data',"
        + rest
        + "}]}";
  }

  private static void lists(Map<String, String> all) {
    String artifact =
        "'fetch':[{'uri':'http://x/a','extract':false,'executable':true,'cache':true,"
            + "'destPath':'d'}]";
    all.put("fetch", artifact);
    for (String field : List.of("uri", "extract", "executable", "cache", "destPath")) {
      all.put("fetch[]." + field, artifact);
    }
    String http =
        "'portDefinitions':[{'port':0},{'port':0}],'healthChecks':[{'protocol':'TCP','path':'/h',"
            + "'portIndex':1,'gracePeriodSeconds':1,'intervalSeconds':2,'timeoutSeconds':3,"
            + "'maxConsecutiveFailures':4}]";
    all.put("healthChecks", http);
    for (String field :
        List.of(
            "gracePeriodSeconds",
            "intervalSeconds",
            "timeoutSeconds",
            "maxConsecutiveFailures",
            "path",
            "protocol")) {
      all.put("healthChecks[]." + field, http);
    }
    all.put(
        "healthChecks[].portIndex",
        "'portDefinitions':[{'port':0}],'healthChecks':[{'protocol':'TCP','port':1,'portIndex':0}]");
    all.put("healthChecks[].port", "'healthChecks':[{'port':8080}]");
    all.put(
        "healthChecks[].ignoreHttp1xx", "'healthChecks':[{'portIndex':0,'ignoreHttp1xx':true}]");
    String command =
        "'healthChecks':[{'protocol':'COMMAND','command':{'value':'true'},'delaySeconds':3}]";
    all.put("healthChecks[].command.value", command);
    all.put("healthChecks[].command", command);
    all.put("healthChecks[].delaySeconds", command);
    all.put(
        "healthChecks[].ipProtocol",
        IMAGE + ",'healthChecks':[{'protocol':'MESOS_TCP','ipProtocol':'IPv6','portIndex':0}]");
    all.put("networks", NETWORKED + "," + IMAGE);
    all.put("networks[].name", NETWORKED + "," + IMAGE);
    all.put("networks[].mode", "'networks':[{'mode':'container/bridge'}]," + IMAGE);
    all.put("networks[].labels", "'networks':[{'mode':'container','name':'n','labels':{'a':'b'}}]");
    String port =
        "'portDefinitions':[{'port':8080,'labels':{'a':'b'},'name':'p','protocol':'udp'}]";
    all.put("portDefinitions", port);
    for (String field : List.of("port", "labels", "name", "protocol")) {
      all.put("portDefinitions[]." + field, port);
    }
    String ready =
        "'portDefinitions':[{'port':0,'name':'p'},{'port':0,'name':'other'},{'port':0,'name':"
            + "'http-api'}],'readinessChecks':[{'name':'n','protocol':'HTTPS','path':'/r','portName':"
            + "'p','intervalSeconds':29,'timeoutSeconds':5,'httpStatusCodesForReady':[201],"
            + "'preserveLastResponse':true}]";
    all.put("readinessChecks", ready);
    for (String field :
        List.of(
            "name",
            "protocol",
            "path",
            "portName",
            "intervalSeconds",
            "timeoutSeconds",
            "httpStatusCodesForReady",
            "preserveLastResponse")) {
      all.put("readinessChecks[]." + field, ready);
    }
  }

  private static void legacy(Map<String, String> all) {
    all.put("ports", "'ports':[8080,0]");
    all.put("uris", "'uris':['http://x/a.tgz']");
    String ip =
        "'ipAddress':{'networkName':'n','labels':{'a':'b'},'discovery':{'ports':[{'number':80,"
            + "'name':'http','protocol':'udp','labels':{'c':'d'}}]}}";
    all.put("ipAddress", ip);
    all.put("ipAddress.groups", "'ipAddress':{'networkName':'n','groups':['g']}");
    for (String field :
        List.of(
            "discovery",
            "discovery.ports",
            "discovery.ports[].number",
            "discovery.ports[].name",
            "discovery.ports[].protocol",
            "discovery.ports[].labels",
            "labels",
            "networkName")) {
      all.put("ipAddress." + field, ip);
    }
  }
}
