package io.dromos.store.jpa;

import io.dromos.task.TaskFailure;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** The newest failure of an app. */
@Entity
@Table(name = "task_failure")
public class TaskFailureEntity extends AppDocument {
  protected TaskFailureEntity() {}

  TaskFailureEntity(TaskFailure value) {
    super(value.appId(), value);
  }
}
