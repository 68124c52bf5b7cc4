package io.dromos.app;

/** Transport protocol of a port. */
public enum Protocol {
  TCP,
  UDP
}
