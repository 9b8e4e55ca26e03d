PS1='\u@\h:\w\$ '
unset -v HISTFILE
printf '\0%s:0\0' @MARK@ >&253
while read -r -u 252; do
  unset -v REPLY
  eval "$(<@CELL@)"
  printf '\0%s:%s\0' @MARK@ "$?" >&253
done
