package io.dromos.runtime;

import java.util.List;

/**
 * Which name servers tasks are given, so that they know every app by its name from nothing but
 * their definition. Asked at each launch; a list begins with the server of this node and goes on
 * with those of the machine, for the time when the first is away. Empty: tasks keep the machine's.
 */
public interface NameServers {
  /** Tasks keep what the machine has. */
  NameServers NONE =
      new NameServers() {
        @Override
        public List<String> ofMachine() {
          return List.of();
        }

        @Override
        public List<String> ofBridge() {
          return List.of();
        }
      };

  /** DC/OS gave its tasks the same: the next server is asked after a second. */
  List<String> OPTIONS = List.of("timeout:1", "attempts:3");

  /** For processes, and containers on the network of the machine. */
  List<String> ofMachine();

  /** For containers with an address of their own. */
  List<String> ofBridge();
}
