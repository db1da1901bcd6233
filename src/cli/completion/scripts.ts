/** The scripts that tell a shell to ask `payments-dr __complete` what may come next. Where it offers nothing, files are offered. */
const BASH = `# bash completion of payments-dr
_payments_dr() {
  local line value
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    [ -n "$value" ] && COMPREPLY+=("$value")
  done < <(payments-dr __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _payments_dr payments-dr
`;

const ZSH = `#compdef payments-dr
_payments_dr() {
  local -a found
  local line
  while IFS= read -r line; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(payments-dr __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe payments-dr found
  else
    _files
  fi
}
if [[ $funcstack[1] == _payments-dr ]]; then
  _payments_dr "$@"
else
  compdef _payments_dr payments-dr
fi
`;

const FISH = `# fish completion of payments-dr
function __payments_dr_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l found (payments-dr __complete -- $words[2..-1] "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c payments-dr -f -a '(__payments_dr_complete)'
`;

export const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
