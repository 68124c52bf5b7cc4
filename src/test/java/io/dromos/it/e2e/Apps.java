package io.dromos.it.e2e;

/** App definitions of the stories. */
public final class Apps {
  private Apps() {}

  /** A process app that serves HTTP on its first port, as the lab's service does. */
  public static String service(String id, int instances, String extra) {
    return """
        {"id":"%s","instances":%d,"cpus":0.1,"mem":32,"cmd":"%s",
         "portDefinitions":[{"labels":{"VIP_0":"%s:80"}}]%s}"""
        .formatted(id, instances, serviceCommand(), id, extra);
  }

  /** The sample service started from the jar. */
  public static String serviceCommand() {
    return "exec "
        + Node.java()
        + " -Xmx16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp "
        + Node.jar()
        + " SimpleService";
  }

  /** A process app that just sleeps. */
  public static String sleeper(String id, int instances) {
    return """
        {"id":"%s","instances":%d,"cpus":0.01,"mem":1,"cmd":"exec sleep 100000"}"""
        .formatted(id, instances);
  }
}
