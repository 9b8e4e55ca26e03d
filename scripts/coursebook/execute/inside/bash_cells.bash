PS1='\u@\h:\w\$ '; unset -v HISTFILE; set +m
[[ -t 0 ]] && trap '[[ @MARK@ ]]; shopt -s extdebug; trap "case \$BASH_COMMAND in *@MARK@*) trap - DEBUG; shopt -u extdebug ;; for\ *) ;; *) if ((BASH_SUBSHELL)); then exit 130; elif ((\${#BASH_SOURCE[@]})); then return 130; else ! continue 999; fi ;; esac" DEBUG' INT
while [[ @MARK@ ]]; do while
  builtin printf '\0%s:at:%s\n%s\0\0%s:%s\0' @MARK@ "${VIRTUAL_ENV-}" "${PWD-}" @MARK@ "$?" >&253
  builtin read -r -u 252 -i @MARK@ || break 2; [[ @MARK@ ]]; do
  exec 251<"@POST@/$REPLY"; unset -v REPLY
  eval "$(</dev/fd/251)"
done; done
# The mark at the head of the loop says how the cell before ended; the first one says: ready.
#
# Ctrl-C (from a terminal only; the build has none) throws an interactive bash to its top level, which
# would end this program and lose the learner's variables. Hence the trap. It lets the command that
# runs come to its end, and from then on a DEBUG trap skips every other command (bash does that under
# `extdebug` when the trap fails), returns from functions and sourced files, leaves subshells, and goes
# on with the outermost loop, which is the first one here. All commands of that loop that wait or tell
# hold the mark: the next of them takes the DEBUG trap away again, so that a late Ctrl-C harms nothing.
# The head of a `for` is let through: skipped, it would not count among the loops that `continue`
# leaves. `set +m`: a cell's processes share the group of their shell, as they do in the build.
