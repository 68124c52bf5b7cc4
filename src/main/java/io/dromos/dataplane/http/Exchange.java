package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: picks a backend, tries the next one while nothing was sent, relays both
 * bodies with back-pressure, ends in exactly one {@link ProxyOutcome}. Both fronts use it. Confined
 * to one event loop.
 *
 * <p>A request goes to another backend when a connection is refused, and, if sending it twice means
 * the same as once and no byte of a body was taken, also when the connection broke before any byte
 * of an answer: any number of times for pooled connections that turn out dead, once for new ones.
 */
final class Exchange implements Upstream.Listener, BackendPool.Waiter {
  private static final int MAX_TRIES = 16;
  private static final int MAX_INTERIM = 16;
  private static final String NO_ANSWER = "the app closed the connection without an answer";

  private final ProxyCore core;
  private final BackendPool pool;
  private final RequestHead request;
  private final Headers headers;
  private final Frontend frontend;
  private final Choice choice;
  private final Downstream front;
  private final Deadline deadline;
  private final Tally tally;
  private final List<Target> tried = new ArrayList<>(2);
  private @Nullable Target target;
  private @Nullable Upstream connection;
  private @Nullable ProxyOutcome lastFailure;
  private boolean replayed;
  private boolean unused;
  private boolean bodyTaken;
  private boolean requestEnded;
  private boolean headGiven;
  private boolean finished;
  private int tries;
  private int interim;

  /** {@code listener} is null where the container listens. */
  Exchange(
      ProxyCore core,
      BackendPool pool,
      RequestHead request,
      Headers headers,
      Frontend frontend,
      Choice choice,
      Downstream front,
      Deadline deadline,
      @Nullable Meter listener) {
    this.core = core;
    this.pool = pool;
    this.request = request;
    this.headers = headers;
    this.frontend = frontend;
    this.choice = choice;
    this.front = front;
    this.deadline = deadline;
    this.tally = new Tally(pool.writer(), listener, frontend.meter(), true);
    this.requestEnded = !request.framing().hasBody();
  }

  void start() {
    attempt();
  }

  private void attempt() {
    deadline.disarm();
    Target next =
        tries++ < MAX_TRIES
            ? core.picker().pick(frontend.targets(), choice, tried, System.nanoTime())
            : null;
    if (next == null) {
      giveUp();
      return;
    }
    target = next;
    tally.picked(next.load());
    pool.acquire(next, request, replayable(), unused, this);
  }

  private void giveUp() {
    if (lastFailure == null) {
      fail(ProxyOutcome.NO_BACKEND, "no instance of this app takes requests now");
    } else if (lastFailure == ProxyOutcome.BACKEND_CLOSED) {
      fail(lastFailure, NO_ANSWER);
    } else {
      fail(lastFailure, "no instance of this app could be reached");
    }
  }

  private boolean replayable() {
    return request.idempotent() && !request.framing().hasBody();
  }

  @Override
  public void connected(Upstream to) {
    if (finished) {
      to.abort();
      return;
    }
    connection = to;
    to.send(request, headers, this, tally);
    tally.connected(to.reused());
    waitForBackend();
    if (!requestEnded) {
      front.takeBody();
    }
    to.flush();
  }

  @Override
  public void refused(Throwable cause) {
    Target refusing = target;
    if (finished || refusing == null) {
      return;
    }
    core.picker().eject(refusing, Reasons.of(cause), System.nanoTime());
    lastFailure =
        cause instanceof ConnectTimeoutException
            ? ProxyOutcome.BACKEND_UNREACHABLE
            : ProxyOutcome.BACKEND_REFUSED;
    tried.add(refusing);
    tally.refused();
    release();
    attempt();
  }

  private void release() {
    if (target != null) {
      target.load().released();
      target = null;
    }
    connection = null;
  }

  private void waitForBackend() {
    deadline.arm(
        frontend
            .rules()
            .limit(requestEnded && !headGiven ? core.limits().firstByte() : core.limits().idle())
            .toNanos(),
        this::silence);
  }

  private void silence() {
    if (headGiven) {
      boolean clientStalls = !front.takesMore();
      cut(clientStalls ? ProxyOutcome.CLIENT_GONE : ProxyOutcome.BACKEND_CUT);
    } else if (requestEnded || connection == null || !connection.writable()) {
      fail(ProxyOutcome.BACKEND_TIMEOUT, "the app did not answer in time");
    } else {
      fail(ProxyOutcome.CLIENT_TIMEOUT, "the request's body did not come in time");
    }
  }

  /** Takes a piece of the request's body. Returns whether the next may follow at once. */
  boolean requestBody(ByteBuf piece) {
    if (finished || connection == null) {
      piece.release();
      return false;
    }
    bodyTaken = true;
    waitForBackend();
    return connection.sendBody(piece);
  }

  void requestEnd(Headers trailers) {
    if (!finished && connection != null) {
      requestEnded = true;
      connection.sendEnd(HeaderRewrite.trailers(trailers));
      waitForBackend();
    }
  }

  void flushRequest() {
    if (connection != null) {
      connection.flush();
    }
  }

  /** The client can take more of the answer. */
  void resumeResponse() {
    if (connection != null) {
      connection.resume();
    }
  }

  /** The client left, or sent what cannot be understood. */
  void clientEnded(ProxyOutcome outcome) {
    finish(outcome);
  }

  boolean finished() {
    return finished;
  }

  @Override
  public void responseHead(ResponseHead head) {
    waitForBackend();
    if (head.informational()) {
      boolean wanted = request.minor() == 1 && (head.status() != 100 || expectsContinue());
      if (++interim > MAX_INTERIM) {
        responseInvalid("endless interim answers");
      } else if (wanted) {
        front.informational(head);
      }
    } else if (head.status() == 101) {
      switchProtocols(head);
    } else {
      headGiven = true;
      tally.head(head.status());
      waitForBackend();
      front.head(changed(head));
    }
  }

  /** The head with what labels do to it. */
  private ResponseHead changed(ResponseHead head) {
    return target == null ? head : frontend.rules().toClient(head, request, choice, target);
  }

  private boolean expectsContinue() {
    return headers.has("Expect");
  }

  private void switchProtocols(ResponseHead head) {
    Upstream switching = connection;
    Target serving = target;
    if (request.upgrade() == null || switching == null || serving == null) {
      responseInvalid("it switched protocols unasked");
      return;
    }
    deadline.disarm();
    headGiven = true;
    tally.head(head.status());
    finished = true;
    ResponseHead given = changed(head);
    connection = null;
    target = null;
    ByteBuf leftover = switching.detach();
    front.switched(
        given,
        new Downstream.Tunnel(
            switching.channel(),
            leftover,
            tally,
            () -> {
              serving.load().released();
              tally.end(ProxyOutcome.TUNNELLED);
            }));
  }

  @Override
  public void responseBody(ByteBuf piece) {
    waitForBackend();
    front.body(piece);
  }

  @Override
  public void responsePause() {
    if (headGiven) {
      front.flush();
    }
  }

  @Override
  public boolean takesMore() {
    return front.takesMore();
  }

  @Override
  public void requestWritable() {
    if (!requestEnded) {
      front.takeBody();
    }
  }

  @Override
  public void responseEnd(Headers trailers) {
    connection = null;
    finish(ProxyOutcome.SERVED);
    front.end(HeaderRewrite.trailers(trailers));
  }

  @Override
  public void connectionLost(boolean answered, String why) {
    Upstream lost = connection;
    Target losing = target;
    if (headGiven || lost == null || losing == null) {
      cut(ProxyOutcome.BACKEND_CUT);
      return;
    }
    if (!answered && !bodyTaken && replayable() && (lost.reused() || !replayed)) {
      if (!lost.reused()) {
        replayed = true;
        tried.add(losing);
      }
      unused = true;
      lastFailure = ProxyOutcome.BACKEND_CLOSED;
      tally.lost();
      release();
      attempt();
      return;
    }
    fail(ProxyOutcome.BACKEND_CLOSED, NO_ANSWER);
  }

  @Override
  public void responseInvalid(String why) {
    if (headGiven) {
      cut(ProxyOutcome.BACKEND_CUT);
    } else {
      fail(ProxyOutcome.BACKEND_INVALID, "the app's answer is not proper HTTP: " + why);
    }
  }

  private void fail(ProxyOutcome outcome, String sentence) {
    if (!finished) {
      finish(outcome);
      front.fail(outcome, sentence);
    }
  }

  private void cut(ProxyOutcome outcome) {
    if (!finished) {
      finish(outcome);
      front.cut();
    }
  }

  private void finish(ProxyOutcome outcome) {
    if (finished) {
      return;
    }
    finished = true;
    deadline.disarm();
    if (connection != null) {
      connection.abort();
    }
    release();
    tally.end(outcome);
  }
}
