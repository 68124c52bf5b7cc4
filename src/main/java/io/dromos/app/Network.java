package io.dromos.app;

import java.util.List;
import java.util.Map;

/** How an app is attached: host, bridge, or one to n named container networks. */
public record Network(Mode mode, List<Attachment> attachments) {
  /** Network mode. */
  public enum Mode {
    HOST,
    BRIDGE,
    CONTAINER
  }

  /** One named container network with its labels. */
  public record Attachment(String name, Map<String, String> labels) {
    public Attachment {
      labels = Map.copyOf(labels);
    }
  }

  public static final Network HOST = new Network(Mode.HOST, List.of());
  public static final Network BRIDGE = new Network(Mode.BRIDGE, List.of());

  public Network {
    attachments = List.copyOf(attachments);
  }
}
