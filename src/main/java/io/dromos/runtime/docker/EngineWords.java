package io.dromos.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the Docker Engine said, without the wrapping of its client. */
final class EngineWords {
  private static final Pattern MESSAGE =
      Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private EngineWords() {}

  static String of(Throwable failure) {
    Throwable cause = failure;
    String words = null;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      if (cause.getMessage() != null) {
        words = cause.getMessage();
      }
      cause = cause.getCause();
    }
    if (words == null) {
      return failure.getClass().getSimpleName();
    }
    Matcher matcher = MESSAGE.matcher(words);
    return (matcher.find() ? unescaped(matcher.group(1)) : words).strip();
  }

  /** The engine was reached and refused; otherwise it could not be asked at all. */
  static boolean isAnswer(Throwable failure) {
    return failure instanceof DockerException;
  }

  /** True when the engine understood the request and asking again is no use. */
  static boolean isBadRequest(Throwable failure) {
    return failure instanceof DockerException refusal && refusal.getHttpStatus() == 400;
  }

  static boolean isNotFound(Throwable failure) {
    return failure instanceof NotFoundException;
  }

  private static String unescaped(String json) {
    return json.replace("\\n", " ").replace("\\\"", "\"").replace("\\\\", "\\");
  }
}
