package io.dromos.dataplane.dns;

/** Numbers of the protocol that this server speaks (RFC 1035, 2782, 6891). */
final class Dns {
  static final int RESPONSE = 0x8000;
  static final int OPCODE = 0x7800;
  static final int AUTHORITATIVE = 0x0400;
  static final int TRUNCATED = 0x0200;
  static final int RECURSION_DESIRED = 0x0100;
  static final int RECURSION_AVAILABLE = 0x0080;

  static final int NO_ERROR = 0;
  static final int FORMAT_ERROR = 1;
  static final int SERVER_FAILURE = 2;
  static final int NO_SUCH_NAME = 3;
  static final int NOT_IMPLEMENTED = 4;
  static final int REFUSED = 5;
  static final int BAD_VERSION = 16;

  static final int CLASS_IN = 1;
  static final int CLASS_ANY = 255;

  static final int TYPE_A = 1;
  static final int TYPE_NS = 2;
  static final int TYPE_CNAME = 5;
  static final int TYPE_SOA = 6;
  static final int TYPE_AAAA = 28;
  static final int TYPE_SRV = 33;
  static final int TYPE_OPT = 41;
  static final int TYPE_IXFR = 251;
  static final int TYPE_AXFR = 252;
  static final int TYPE_ANY = 255;

  static final int DNSSEC_OK = 0x8000;

  /** Largest message over UDP: what passes every common path unfragmented. */
  static final int UDP_LIMIT = 1_232;

  static final int UDP_PLAIN = 512;
  static final int TCP_LIMIT = 65_535;

  private Dns() {}
}
