PS1='\u@\h:\w\$ '
unset -v HISTFILE
printf '\0%s:0\0' @MARK@ >&253
while read -r -u 252; do
  exec 251<"@POST@/$REPLY"
  unset -v REPLY
  eval "$(</dev/fd/251)"
  printf '\0%s:at:%s\n%s\0\0%s:%s\0' @MARK@ "${VIRTUAL_ENV-}" "${PWD-}" @MARK@ "$?" >&253
done
