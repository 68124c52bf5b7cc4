package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.store.TaskStore;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.Transition;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Goals and observations. Bulk changes go out as JDBC batches. */
final class JpaTaskStore implements TaskStore {
  private static final String TASKS =
      "select g.document, o.document from TaskGoalEntity g, TaskObservationEntity o"
          + " where o.id = g.id";

  /** One statement, so that revision, tasks and their number are of one snapshot. */
  private static final String CHANGES =
      "select 'revision' as kind, cast(s.revision as text) as a,"
          + " (select cast(count(*) as text) from task_goal where starts_with(agent, ?1)) as b"
          + " from cluster_state s"
          + " union all select 'task', cast(g.document as text), cast(o.document as text)"
          + " from (select id from task_goal where revision > ?2"
          + " union select id from task_observation where revision > ?2) c"
          + " join task_goal g on g.id = c.id join task_observation o on o.id = c.id"
          + " where starts_with(g.agent, ?1)";

  private final JpaSession session;

  JpaTaskStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public List<Task> all() {
    return tasks(TASKS + " order by g.id", query -> {});
  }

  @Override
  public List<Task> ofAgent(String agent) {
    return tasks(
        TASKS + " and g.agent = :agent order by g.id", query -> query.setParameter("agent", agent));
  }

  @Override
  public Changes changesOfAgents(String prefix, long revision) {
    long reached = revision;
    int count = 0;
    List<Task> changed = new ArrayList<>();
    for (Object row :
        JpaSession.bind(session.em().createNativeQuery(CHANGES), prefix, revision)
            .getResultList()) {
      Object[] columns = (Object[]) row;
      if (columns[0].equals("revision")) {
        reached = Long.parseLong((String) columns[1]);
        count = Integer.parseInt((String) columns[2]);
      } else {
        changed.add(task((String) columns[1], (String) columns[2]));
      }
    }
    return new Changes(reached, changed, count);
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return tasks(TASKS + " and g.id = :id", query -> query.setParameter("id", id.value())).stream()
        .findFirst();
  }

  private List<Task> tasks(String jpql, Consumer<Query> parameters) {
    Query query = session.em().createQuery(jpql);
    parameters.accept(query);
    List<Task> tasks = new ArrayList<>();
    for (Object row : query.getResultList()) {
      Object[] documents = (Object[]) row;
      tasks.add(task((String) documents[0], (String) documents[1]));
    }
    return tasks;
  }

  static Task task(String goal, String observation) {
    return new Task(
        DocumentCodec.decode(goal, TaskGoal.class),
        DocumentCodec.decode(observation, TaskObservation.class));
  }

  @Override
  public void launch(Collection<TaskGoal> goals) {
    if (goals.isEmpty()) {
      return;
    }
    session.write(
        () -> {
          long revision = session.nextRevision();
          for (TaskGoal goal : goals) {
            session.em().persist(new TaskGoalEntity(goal.atRevision(revision)));
          }
          // The goals must be there before what refers to them.
          session.em().flush();
          for (TaskGoal goal : goals) {
            session
                .em()
                .persist(
                    new TaskObservationEntity(
                        TaskObservation.staging(goal.id(), goal.stagedAt()).atRevision(revision)));
          }
        });
  }

  @Override
  public void kill(Collection<TaskId> ids, KillReason reason, Instant now) {
    if (ids.isEmpty()) {
      return;
    }
    session.write(
        () -> {
          List<TaskGoalEntity> wanted = new ArrayList<>();
          for (TaskGoalEntity row : rows(TaskGoalEntity.class, ids)) {
            if (row.goal().wantsRunning()) {
              wanted.add(row);
            }
          }
          if (!wanted.isEmpty()) {
            long revision = session.nextRevision();
            wanted.forEach(row -> row.change(row.goal().killed(reason, now).atRevision(revision)));
          }
        });
  }

  @Override
  public void expunge(Collection<TaskId> ids) {
    if (ids.isEmpty()) {
      return;
    }
    session.write(
        () -> {
          int gone = 0;
          for (List<String> chunk : JpaSession.chunks(values(ids))) {
            gone +=
                session
                    .em()
                    .createQuery("delete from TaskGoalEntity g where g.id in :ids")
                    .setParameter("ids", chunk)
                    .executeUpdate();
          }
          if (gone > 0) {
            session.nextRevision();
          }
        });
  }

  @Override
  public List<Transition> observe(Collection<Transition> transitions) {
    if (transitions.isEmpty()) {
      return List.of();
    }
    return session.write(
        () -> {
          Map<String, TaskObservationEntity> rows = new HashMap<>();
          rows(TaskObservationEntity.class, transitions.stream().map(Transition::id).toList())
              .forEach(row -> rows.put(row.id(), row));
          List<Transition> applied = new ArrayList<>();
          Map<TaskObservationEntity, TaskObservation> changes = new LinkedHashMap<>();
          for (Transition transition : transitions) {
            TaskObservationEntity row = rows.get(transition.id().value());
            if (row != null
                && !changes.containsKey(row)
                && row.seen().equals(transition.before())) {
              applied.add(transition);
              if (transition.changesAnything()) {
                changes.put(row, transition.next());
              }
            }
          }
          if (!changes.isEmpty()) {
            long revision = session.nextRevision();
            changes.forEach((row, next) -> row.change(next.atRevision(revision)));
          }
          return List.copyOf(applied);
        });
  }

  /** Rows to be changed; only under the lock, with an empty persistence context. */
  private <T> List<T> rows(Class<T> type, Collection<TaskId> ids) {
    List<T> rows = new ArrayList<>();
    for (List<String> chunk : JpaSession.chunks(values(ids))) {
      rows.addAll(
          session
              .em()
              .createQuery("select r from " + type.getSimpleName() + " r where r.id in :ids", type)
              .setParameter("ids", chunk)
              .getResultList());
    }
    return rows;
  }

  private static List<String> values(Collection<TaskId> ids) {
    return ids.stream().map(TaskId::value).distinct().toList();
  }

  @Override
  public Map<AppId, TaskFailure> lastFailures() {
    Map<AppId, TaskFailure> failures = new HashMap<>();
    session
        .documents(TaskFailure.class, "select f.document from TaskFailureEntity f")
        .forEach(failure -> failures.put(failure.appId(), failure));
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
