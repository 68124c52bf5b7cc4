package io.dromos.dataplane.kernel;

/**
 * Where a connection ends up.
 *
 * @param address dotted IPv4
 */
record Endpoint(String address, int port) {
  @Override
  public String toString() {
    return address + ":" + port;
  }
}
