package io.dromos.runtime.docker;

/** The name of an image as the Engine's API wants it. */
final class ImageName {
  private ImageName() {}

  /**
   * With {@code :latest} where neither tag nor digest is given: a bare name would pull all tags.
   */
  static String complete(String name) {
    boolean tagged = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
    return tagged || name.contains("@") ? name : name + ":latest";
  }
}
