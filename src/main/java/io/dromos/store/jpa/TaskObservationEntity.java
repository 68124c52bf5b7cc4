package io.dromos.store.jpa;

import io.dromos.task.TaskObservation;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What the agent saw of a task. */
@Entity
@Table(name = "task_observation")
public class TaskObservationEntity {
  @Id
  @Column(name = "id")
  private String id;

  @Column(name = "state")
  private String state;

  @Convert(converter = JsonbConverter.class)
  @Column(name = "document")
  private String document;

  @Column(name = "revision")
  private long revision;

  protected TaskObservationEntity() {}

  TaskObservationEntity(TaskObservation seen) {
    this.id = seen.id().value();
    this.state = seen.state().name();
    this.document = DocumentCodec.encode(seen);
    this.revision = seen.revision();
  }

  String id() {
    return id;
  }

  TaskObservation seen() {
    return DocumentCodec.decode(document, TaskObservation.class);
  }

  void change(TaskObservation seen) {
    this.state = seen.state().name();
    this.document = DocumentCodec.encode(seen);
    this.revision = seen.revision();
  }
}
