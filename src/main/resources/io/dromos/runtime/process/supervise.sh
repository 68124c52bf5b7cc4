# Supervises one task and outlives Dromos. Started as: sh supervise STATE SANDBOX
#
# STATE/launch  defines run_task, which becomes the task; deleted by Dromos once STATE/pid is there
# STATE/claim   written first and never overwritten: of two supervisors only one starts the task
# STATE/pid     pid and start time of the task, boot id, pid and start time of this supervisor
# STATE/stop    written by Dromos when it has asked the task to stop
# STATE/exit    exit status, as the shell tells it: 128 + n for signal n
#
# Only builtins are used, so one small process per task is all it costs.
state=$1
sandbox=$2

# Sets "started" to the start time in field 22 of /proc/PID/stat; with the boot id and the pid it
# names one process for ever. The second field is a name that may hold blanks and parentheses.
read_start() {
  started=0
  read -r line <"/proc/$1/stat" || return 0
  set -- ${line##*) }
  started=${20}
}

set -C
printf '%s\n' "$$" >"$state/claim" || exit 0
set +C
. "$state/launch"
cd /

(cd "$sandbox" && run_task) </dev/null >>"$sandbox/stdout" 2>>"$sandbox/stderr" &
task=$!

read -r boot </proc/sys/kernel/random/boot_id
read_start "$$"
own=$started
read_start "$task"
printf '%s %s %s %s %s\n' "$task" "$started" "$boot" "$$" "$own" >"$state/pid"

wait "$task"
code=$?

# The task is over with its main process, so what that left behind goes too. After a request to
# stop, Dromos grants the rest of the group its time.
[ -e "$state/stop" ] || kill -s KILL -- "-$task"
printf '%s\n' "$code" >"$state/exit"
