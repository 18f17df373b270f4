#!/bin/sh
# The fence on a host, and commands that run at most once, detached from the connection. What it keeps on disk: README.md.
#   run SCOPE EPOCH OWNER RUN KEEP PATIENCE LIMIT PROGRAM   begins the program or attaches to it, and waits for its end; SCOPE "-": no fence
#   look RUN LIMIT                                          tells what became of a run
#   epoch SCOPE                                             tells the highest epoch seen
# Answers with one line "fence WORD ..." on standard output; the output of an ended run follows it, on both streams.
umask 077
base=${XDG_STATE_HOME:-$HOME/.local/state}/appliance/fence-1
scopes=$base/scopes
runs=$base/runs

# A process group of its own: its number is written down, so that a newer owner of the scope can end it. It holds the locks 8 and 9 until the
# exit code is on disk; the program itself does not get them, because what it leaves behind would hold them for ever.
# shellcheck disable=SC2016 # expanded by the shell that runs it
keeper='
trap : TERM
trap "" HUP
[ "$2" = - ] || echo $$ >"$2"
sh "$1/program" 8>&- 9>&-
echo $? >"$1/exit.new"
rm -f "$1/program"
mv -f "$1/exit.new" "$1/exit"
'

say() { printf 'fence %s\n' "$*"; }

fault() {
    say fault "$@"
    exit 0
}

pause() { sleep 0.2 2>/dev/null || sleep 1; }

durably() { sync "$1" 2>/dev/null || sync; }

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || fault missing "$tool"
    done
}

read_epoch() {
    newest=0
    by=-
    if [ -e "$scopes/$1.epoch" ]; then
        read -r newest by <"$scopes/$1.epoch"
    fi
    case $newest in
        '' | *[!0-9]*) fault damaged "$scopes/$1.epoch" ;;
    esac
}

refuse_older() {
    read_epoch "$scope"
    if [ "$newest" -gt "$epoch" ]; then
        say refused "$newest"
        exit 0
    fi
    if [ "$newest" -eq "$epoch" ] && [ "$by" != "$owner" ] && [ "$by" != - ] && [ "$owner" != - ]; then
        say refused "$newest"
        exit 0
    fi
}

record_epoch() {
    [ "$newest" -ne "$epoch" ] || return 0
    file=$scopes/$scope.epoch
    { printf '%s %s\n' "$epoch" "$owner" >"$file.new" && durably "$file.new" && mv -f "$file.new" "$file" && durably "$scopes"; } 2>/dev/null ||
        fault state "$base"
}

end_holder() {
    read -r holder <"$scopes/$scope.holder" || return 0
    case $holder in
        '' | *[!0-9]*) ;;
        *) kill -s "$1" -- "-$holder" 2>/dev/null ;;
    esac
}

# Takes the turn of the scope. What has it and does not end in time is ended: it is older, or its owner has given it up.
take_turn() {
    (true >>"$scopes/$scope.lock") 2>/dev/null || fault state "$base"
    exec 9>>"$scopes/$scope.lock"
    tries=0
    until flock -n 9; do
        [ ! -d "$dir" ] || return 0
        refuse_older
        tries=$((tries + 1))
        if [ "$tries" -eq "$patience" ]; then
            end_holder TERM
        elif [ "$tries" -gt $((patience + 40)) ]; then
            fault busy
        elif [ "$tries" -gt $((patience + 10)) ]; then
            end_holder KILL
        fi
        pause
    done
    refuse_older
    record_epoch
    true >"$scopes/$scope.holder"
}

# Runs that are older than 30 days, or older than the newest 200, are forgotten.
prune() {
    {
        find "$runs" -mindepth 1 -maxdepth 1 -type d -mtime +30
        # shellcheck disable=SC2012 # the names are ours, without blanks
        ls -1td "$runs"/*/ | tail -n +200
    } 2>/dev/null | while read -r old; do
        old=${old%/}
        flock -n "$old.lock" rm -rf "$old" "$old.lock"
    done
}

begin() {
    prune
    if ! { mkdir "$dir" && printf '%s\n' "$program" >"$dir/program" && true >"$dir/out" && true >"$dir/err"; } 2>/dev/null; then
        rm -rf "$dir"
        fault state "$base"
    fi
    setsid sh -c "$keeper" sh "$dir" "$holder_file" </dev/null >"$dir/out" 2>"$dir/err" &
}

report() {
    if [ ! -e "$runs/$1/exit" ] && ! flock -s -n "$runs/$1.lock" true; then
        say running
    elif [ ! -e "$runs/$1/exit" ]; then
        say lost
    else
        say ended "$(cat "$runs/$1/exit")" $(($(wc -c <"$runs/$1/out"))) $(($(wc -c <"$runs/$1/err")))
        head -c "$2" "$runs/$1/out"
        head -c "$2" "$runs/$1/err" >&2
    fi
}

run() {
    scope=$1 epoch=$2 owner=$3 dir=$runs/$4 keep=$5 patience=$6 limit=$7 program=$8
    need flock setsid
    { mkdir -p "$scopes" "$runs" && chmod 700 "$base" && [ -w "$runs" ]; } 2>/dev/null || fault state "$base"
    holder_file=-
    if [ "$scope" != - ]; then
        refuse_older
        [ -d "$dir" ] || take_turn
        holder_file=$scopes/$scope.holder
    fi
    if [ ! -d "$dir" ]; then
        (true >>"$dir.lock") 2>/dev/null || fault state "$base"
        exec 8>>"$dir.lock"
        # Whoever began the same run holds this until that run has ended.
        flock 8
        [ -d "$dir" ] || begin
    fi
    exec 8>&- 9>&-
    flock -s "$dir.lock" true
    report "$4" "$limit"
    [ "$keep" = yes ] || rm -rf "$dir" "$dir.lock"
}

look() {
    if [ ! -d "$runs/$1" ]; then
        say never
    else
        need flock
        report "$1" "$2"
    fi
}

verb=$1
shift
case $verb in
    run) run "$@" ;;
    look) look "$@" ;;
    epoch)
        # Whoever asks is about to change something: what is missing is told before.
        need flock setsid
        read_epoch "$1"
        say epoch "$newest"
        ;;
esac
