package io.dromos.dataplane.http;

/** Words for statuses and failures. */
final class Reasons {
  private Reasons() {}

  static String of(int status) {
    return switch (status) {
      case 301 -> "Moved Permanently";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 408 -> "Request Timeout";
      case 431 -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      default -> "Error";
    };
  }

  /** Why a connect or bind failed, without the name of the system call. */
  static String of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    int failed = message.indexOf("failed with error(-");
    String reason =
        failed < 0 ? message : message.substring(message.indexOf(':', failed) + 1).strip();
    int address = reason.indexOf(": /");
    return address < 0 ? reason : reason.substring(0, address);
  }
}
