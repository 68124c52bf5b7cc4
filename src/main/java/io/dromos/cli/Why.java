package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Why an app is not running, routed or healthy, in the server's sentences. */
final class Why {
  private Why() {}

  /** Nothing when all is well with it, and when the server has nothing to say. */
  static List<String> sentences(Server server, String appId) throws CommandFailedException {
    Server.Answer answer = server.get(Server.path("/console/why", appId));
    if (!answer.ok()) {
      return List.of();
    }
    List<String> sentences = new ArrayList<>();
    JsonObject why = answer.object();
    for (Object sentence : why.getArray("sentences", new JsonArray())) {
      sentences.add(String.valueOf(sentence));
    }
    return sentences;
  }
}
