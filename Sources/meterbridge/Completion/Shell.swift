/// A shell whose completion calls `meterbridge complete`.
enum Shell: String, CaseIterable {
  case bash
  case zsh
  case fish

  /// The script that the shell sources.
  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  /// The line for the shell's startup file.
  var advice: String {
    switch self {
    case .bash: "source <(meterbridge completion bash)"
    case .zsh: "source <(meterbridge completion zsh)"
    case .fish: "meterbridge completion fish | source"
    }
  }

  private static let bashScript = #"""
    # Completion of meterbridge for bash.
    _meterbridge() {
      local program="${COMP_WORDS[0]/#\~/$HOME}" typed="${COMP_WORDS[COMP_CWORD]}" word help name
      # bash splits words at =.
      [ "$typed" = "=" ] && typed=""
      COMPREPLY=()
      while IFS=$'\t' read -r word help; do
        case "$word" in
          :files | :directories)
            compopt -o filenames 2>/dev/null
            local kind=-f
            [ "$word" = ":directories" ] && kind=-d
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$kind" -- "$typed")
            ;;
          *)
            case "$word" in *[=.]) compopt -o nospace 2>/dev/null ;; esac
            COMPREPLY+=("$word")
            ;;
        esac
      done < <("$program" complete --split -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    }
    complete -F _meterbridge meterbridge
    """#

  private static let zshScript = #"""
    #compdef meterbridge
    # Completion of meterbridge for zsh.
    _meterbridge() {
      local line
      local -a candidates
      for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        case "$line" in
          :files) _files ;;
          :directories) _files -/ ;;
          *$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
          ?*) candidates+=("${line//:/\\:}") ;;
        esac
      done
      (( $#candidates )) && _describe -V meterbridge candidates
    }
    if [ "${funcstack[1]}" = "_meterbridge" ]; then
      _meterbridge "$@"
    else
      (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
      compdef _meterbridge meterbridge
    fi
    """#

  private static let fishScript = #"""
    # Completion of meterbridge for fish.
    function __meterbridge_complete
      set -l before (commandline -opc)
      set -l typed (commandline -ct)
      for line in ($before[1] complete -- $before[2..-1] "$typed" 2>/dev/null)
        switch $line
          case ':files'
            __fish_complete_path "$typed"
          case ':directories'
            __fish_complete_directories "$typed"
          case '*'
            echo $line
        end
      end
    end
    complete -c meterbridge -f -k -a '(__meterbridge_complete)'
    """#
}
