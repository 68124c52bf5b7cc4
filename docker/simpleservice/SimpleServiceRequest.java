/** The head of one request. */
@SuppressWarnings("DefaultPackage") // Its image compiles these files alone.
final class SimpleServiceRequest {
  final String method;
  final String target;
  final String path;
  private final String[] lines;
  private final boolean http10;

  SimpleServiceRequest(String head) {
    lines = head.split("\r\n");
    String[] words = lines[0].split(" ");
    method = words[0];
    target = words.length > 1 ? words[1] : "";
    http10 = words.length > 2 && words[2].equals("HTTP/1.0");
    int query = target.indexOf('?');
    path = query < 0 ? target : target.substring(0, query);
  }

  String header(String name, String otherwise) {
    for (int i = 1; i < lines.length; i++) {
      String line = lines[i];
      if (line.length() > name.length()
          && line.charAt(name.length()) == ':'
          && line.regionMatches(true, 0, name, 0, name.length())) {
        return line.substring(name.length() + 1).trim();
      }
    }
    return otherwise;
  }

  /** Declared length of the body; -1 when it is chunked or not a number. */
  long contentLength() {
    if (!header("transfer-encoding", "").isEmpty()) {
      return -1;
    }
    try {
      return Long.parseLong(header("content-length", "0"));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  boolean keepAlive() {
    String connection = header("connection", "");
    return http10
        ? connection.equalsIgnoreCase("keep-alive")
        : !connection.equalsIgnoreCase("close");
  }
}
