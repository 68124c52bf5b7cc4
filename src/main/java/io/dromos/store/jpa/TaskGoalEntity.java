package io.dromos.store.jpa;

import io.dromos.task.TaskGoal;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** What the leader wants of a task. */
@Entity
@Table(name = "task_goal")
public class TaskGoalEntity {
  @Id
  @Column(name = "id")
  private String id;

  @Column(name = "app_id")
  private String appId;

  @Convert(converter = InstantConverter.class)
  @Column(name = "version")
  private Instant version;

  @Column(name = "agent")
  private String agent;

  @Convert(converter = JsonbConverter.class)
  @Column(name = "document")
  private String document;

  @Column(name = "revision")
  private long revision;

  protected TaskGoalEntity() {}

  TaskGoalEntity(TaskGoal goal) {
    this.id = goal.id().value();
    this.appId = goal.appId().path();
    this.version = goal.version();
    this.agent = goal.agent();
    this.document = DocumentCodec.encode(goal);
    this.revision = goal.revision();
  }

  TaskGoal goal() {
    return DocumentCodec.decode(document, TaskGoal.class);
  }

  /** App, version and agent of a goal never change. */
  void change(TaskGoal goal) {
    this.document = DocumentCodec.encode(goal);
    this.revision = goal.revision();
  }
}
