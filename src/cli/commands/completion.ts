import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';

/** Shells that a script can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Prints the script that makes a shell ask `tracecli complete-words` when Tab is pressed. */
export function completion(io: Io, shell: Shell): number {
  io.stdout.write(SCRIPTS[shell]);
  return EXIT.done;
}

/**
 * Each passes the words up to the cursor, the last of them unfinished. Candidates come one a line; what they hold of spaces and signs
 * the shell quotes itself, and a candidate that ends in = or ( gets no space.
 */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# tracecli completion for bash: put this into ~/.bashrc
#   source <(tracecli completion bash)
_tracecli() {
  local IFS=$'\\n' word candidates
  # Bash takes words apart at = and :, which terms of queries hold.
  local line=\${COMP_LINE:0:COMP_POINT}
  read -r -a words <<< "$line"
  local -a typed
  IFS=' ' read -r -a typed <<< "$line"
  [[ $line == *' ' ]] && typed+=('')
  word=\${typed[\${#typed[@]}-1]}
  candidates=$(tracecli complete-words -- "\${typed[@]:1}" 2>/dev/null)
  COMPREPLY=()
  local candidate prefix=\${word%"\${COMP_WORDS[COMP_CWORD]}"}
  while IFS= read -r candidate; do
    [[ -z $candidate ]] && continue
    candidate=\${candidate#"$prefix"}
    COMPREPLY+=("$(printf '%q' "$candidate")")
  done <<< "$candidates"
  if [[ \${#COMPREPLY[@]} -eq 1 && $candidates =~ [=\\(]$ ]]; then compopt -o nospace; fi
  [[ \${#COMPREPLY[@]} -eq 0 ]] && compopt -o default
}
complete -F _tracecli tracecli
`,
  zsh: `#compdef tracecli
# tracecli completion for zsh: put this into ~/.zshrc
#   source <(tracecli completion zsh)
_tracecli() {
  local -a candidates open
  candidates=("\${(@f)$(tracecli complete-words -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  open=("\${(@M)candidates:#*[=\\(]}")
  candidates=("\${(@)candidates:#*[=\\(]}")
  if (( \${#candidates} + \${#open} == 0 )); then _files; return; fi
  compadd -U -a candidates
  compadd -U -S '' -a open
}
compdef _tracecli tracecli
`,
  fish: `# tracecli completion for fish: save this as ~/.config/fish/completions/tracecli.fish
function __tracecli_complete
  set -l words (commandline -opc) (commandline -ct)
  tracecli complete-words -- $words[2..-1] 2>/dev/null
end
complete -c tracecli -f -a '(__tracecli_complete)'
complete -c tracecli -n '__fish_use_subcommand; or __fish_seen_subcommand_from import analyze' -F
`,
};
