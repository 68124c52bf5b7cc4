package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.store.TaskStore;
import io.dromos.store.WorldReader;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.Transition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goals and observations, each change of many one statement. A task that nobody has said anything
 * about yet has no observation: its agent inserts the first one. Documents are made before the lock
 * is taken, so they don't know their revision; the column is what counts.
 */
final class JpaTaskStore implements TaskStore {
  private static final String LAUNCH =
      "insert into task_goal (id, app_id, version, agent, document, revision)"
          + " select id, app_id, cast(version as timestamptz), agent, cast(document as jsonb),"
          + " (select take_revision())"
          + " from unnest(?, ?, ?, ?, ?) as goal (id, app_id, version, agent, document)";

  private static final String KILL =
      "update task_goal set revision = (select take_revision()),"
          + " document = document || jsonb_build_object('kill', cast(? as text),"
          + " 'killAt', cast(? as text))"
          + " where id = any (?) and document ->> 'kill' is null";

  /** Applies only to what is still as it was when the decision was taken. */
  private static final String OBSERVE =
      "insert into task_observation as o (id, state, document, revision)"
          + " select seen.id, seen.state, cast(seen.document as jsonb), (select take_revision())"
          + " from unnest(?, ?, ?, ?) as seen (id, state, document, before)"
          + " join task_goal g on g.id = seen.id"
          + " left join task_observation known on known.id = seen.id"
          + " where coalesce(known.revision, -1) = seen.before"
          + " on conflict (id) do update set state = excluded.state, document = excluded.document,"
          + " revision = excluded.revision"
          + " returning o.id";

  private static final String UNCHANGED =
      "select g.id from unnest(?, ?) as seen (id, before)"
          + " join task_goal g on g.id = seen.id"
          + " left join task_observation known on known.id = seen.id"
          + " where coalesce(known.revision, -1) = seen.before";

  private final JpaSession session;
  private final WorldReader image;

  JpaTaskStore(JpaSession session, WorldReader image) {
    this.session = session;
    this.image = image;
  }

  @Override
  public List<Task> all() {
    return image.load().tasks();
  }

  @Override
  public List<Task> ofAgent(String agent) {
    return image.load().tasksOn(agent);
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return image.load().task(id);
  }

  static TaskGoal goal(String document, long revision) {
    TaskGoal goal = DocumentCodec.decode(document, TaskGoal.class);
    return goal.revision() == revision ? goal : goal.atRevision(revision);
  }

  static TaskObservation observation(String document, long revision) {
    TaskObservation seen = DocumentCodec.decode(document, TaskObservation.class);
    return seen.revision() == revision ? seen : seen.atRevision(revision);
  }

  @Override
  public void launch(Collection<TaskGoal> goals) {
    if (goals.isEmpty()) {
      return;
    }
    List<String> documents = goals.stream().map(DocumentCodec::encode).toList();
    session.writeJdbc(
        connection ->
            Statements.update(
                connection,
                LAUNCH,
                Statements.texts(connection, goals, goal -> goal.id().value()),
                Statements.texts(connection, goals, goal -> goal.appId().path()),
                Statements.instants(connection, goals, TaskGoal::version),
                Statements.texts(connection, goals, TaskGoal::agent),
                Statements.texts(connection, documents, document -> document)));
  }

  @Override
  public void kill(Collection<TaskId> ids, KillReason reason, Instant now) {
    if (ids.isEmpty()) {
      return;
    }
    session.writeJdbc(
        connection ->
            Statements.update(
                connection, KILL, reason.name(), now.toString(), ids(connection, ids)));
  }

  @Override
  public void expunge(Collection<TaskId> ids) {
    if (ids.isEmpty()) {
      return;
    }
    session.writeJdbc(
        connection ->
            Statements.update(
                connection, "delete from task_goal where id = any (?)", ids(connection, ids)));
  }

  private static java.sql.Array ids(Connection connection, Collection<TaskId> ids)
      throws SQLException {
    return Statements.texts(connection, ids, TaskId::value);
  }

  @Override
  public List<Transition> observe(Collection<Transition> transitions) {
    if (transitions.isEmpty()) {
      return List.of();
    }
    Map<TaskId, Transition> changing = new LinkedHashMap<>();
    List<Transition> repeating = new ArrayList<>();
    Map<TaskId, String> documents = new HashMap<>();
    for (Transition transition : transitions) {
      if (!transition.changesAnything()) {
        repeating.add(transition);
      } else if (changing.putIfAbsent(transition.id(), transition) == null) {
        documents.put(transition.id(), DocumentCodec.encode(transition.next()));
      }
    }
    return session.writeJdbc(
        connection -> {
          Set<String> applied = new HashSet<>(unchanged(connection, repeating));
          applied.addAll(change(connection, changing.values(), documents));
          return transitions.stream()
              .filter(t -> !t.changesAnything() || t.equals(changing.get(t.id())))
              .filter(t -> applied.contains(t.id().value()))
              .toList();
        });
  }

  private static List<String> unchanged(Connection connection, Collection<Transition> transitions)
      throws SQLException {
    return transitions.isEmpty()
        ? List.of()
        : Statements.rows(
            connection,
            UNCHANGED,
            row -> row.getString(1),
            Statements.texts(connection, transitions, t -> t.id().value()),
            Statements.numbers(connection, transitions, t -> storedRevision(t.before())));
  }

  private static List<String> change(
      Connection connection, Collection<Transition> transitions, Map<TaskId, String> documents)
      throws SQLException {
    return transitions.isEmpty()
        ? List.of()
        : Statements.rows(
            connection,
            OBSERVE,
            row -> row.getString(1),
            Statements.texts(connection, transitions, t -> t.id().value()),
            Statements.texts(connection, transitions, t -> t.next().state().name()),
            Statements.texts(connection, transitions, t -> documents.getOrDefault(t.id(), "")),
            Statements.numbers(connection, transitions, t -> storedRevision(t.before())));
  }

  /** The revision of the row that a decision was taken on; -1 when there was none. */
  private static long storedRevision(TaskObservation before) {
    return isUnseen(before) ? -1 : before.revision();
  }

  /** Nothing but the goal was known, whatever revision that has now. */
  private static boolean isUnseen(TaskObservation seen) {
    return seen.equals(
        TaskObservation.staging(seen.id(), seen.since()).atRevision(seen.revision()));
  }

  @Override
  public Map<AppId, TaskFailure> lastFailures() {
    Map<AppId, TaskFailure> failures = new HashMap<>();
    image.load().lastFailures().forEach(failure -> failures.put(failure.appId(), failure));
    return failures;
  }

  @Override
  public void recordFailure(TaskFailure failure) {
    session.write(() -> session.em().merge(new TaskFailureEntity(failure)));
  }

  @Override
  public void forgetFailure(AppId app) {
    session.write(() -> session.execute("delete from task_failure where app_id = ?1", app.path()));
  }
}
