package io.dromos.routing;

/**
 * What a label does not do that its author may expect.
 *
 * @param label its whole key
 * @param sentence without the key, for the user
 */
public record LabelFinding(String label, Kind kind, String sentence) {
  /** How bad it is. */
  public enum Kind {
    /** A value that means nothing: refused at the door. */
    MALFORMED,
    /** Means something to HAProxy and nothing here: refused where labels are strict. */
    UNSUPPORTED,
    /** Does what it says, which may surprise. */
    NOTE
  }
}
