package io.dromos.dataplane.tls;

/** A certificate or key that cannot be used; the message names the file and the fix. */
public final class UnusableCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableCertificateException(String message) {
    super(message);
  }
}
