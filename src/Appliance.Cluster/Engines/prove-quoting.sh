#!/bin/sh
# Shows how words arrive at the model server: runs a copy of the launcher in the working directory inside a folder of its own, with stand-ins for
# everything that it would touch, and tells what `vllm` was called with. Writes nowhere else and removes what it wrote.
#   $1  solo | cluster    $2  yes | no: the launcher knows --solo    $3...  the words, beginning with vllm serve
# Answers "unable WHY", or a line "argv BASE64" for each call of vllm (its words, each ended by NUL), and then "end".
umask 077
for tool in bash base64 timeout mktemp tr; do
    command -v "$tool" >/dev/null 2>&1 || { echo "unable $tool"; exit 0; }
done
limit=$(command -v timeout)
dir=$(mktemp -d "${TMPDIR:-/tmp}/appliance-proof.XXXXXX" 2>/dev/null) || { echo "unable folder"; exit 0; }
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$dir/bin" "$dir/home" "$dir/tmp" "$dir/launcher" || { echo "unable folder"; exit 0; }
# Without its .env: that may hold a token, and names containers and machines of the real world.
cp -L ./*.sh "$dir/launcher/" 2>/dev/null
[ -x "$dir/launcher/launch-cluster.sh" ] || { echo "unable folder"; exit 0; }

# What a launcher may use besides the stand-ins: tools that read and print, and those that write below their own folder. Others are not found.
# Where a program is, also one that this shell has built in: xargs runs `echo`, with which the launcher trims its addresses.
find_program() (
    IFS=:
    for folder in $PATH; do
        if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then
            printf '%s\n' "$folder/$1"
            break
        fi
    done
)
for tool in awk base64 basename bash cat chmod comm cp cut date dirname echo egrep env expr false fgrep find fold getopt grep head hostname id ln ls mkdir \
    mktemp mv nproc od paste printf pwd python3 readlink realpath rev rm sed seq sh sha256sum sort stat tail tee test touch tr true uname uniq wc which \
    xargs; do
    found=$(find_program "$tool")
    case $found in /*) ln -s "$found" "$dir/bin/$tool" ;; esac
done

stand_in() {
    cat >"$dir/bin/$1"
    chmod 700 "$dir/bin/$1"
}

stand_in vllm <<'END'
#!/bin/sh
line=$(printf '%s\0' vllm "$@" | base64 | tr -d '\n')
echo "argv $line" >>"$APPLIANCE_PROOF"
END

# Runs what would run inside the container, here; its output goes nowhere, because file 1 of process 1 would be the real machine's.
stand_in docker <<'END'
#!/bin/bash
case $1 in
    run) echo 0000000000000000000000000000000000000000000000000000000000000000 ;;
    image | inspect) echo sha256:0000000000000000000000000000000000000000000000000000000000000000 ;;
    exec)
        while [ $# -gt 0 ]; do
            case $1 in
                bash | sh)
                    while [ $# -gt 1 ]; do
                        shift
                        case $1 in
                            -c | -[a-z]*c)
                                exec bash -c "${2//\/proc\/1\/fd\/[012]//dev/null}"
                                ;;
                        esac
                    done
                    ;;
            esac
            shift
        done
        ;;
esac
exit 0
END

# The other machine is this one.
stand_in ssh <<'END'
#!/bin/bash
while [ $# -gt 0 ]; do
    case $1 in
        -[biFlopLRDWJ]) shift ;;
        -*) ;;
        *) break ;;
    esac
    shift
done
shift
[ $# -eq 0 ] || exec bash -c "$*" </dev/null
END

stand_in ip <<'END'
#!/bin/sh
echo '1: appl0    inet 127.0.0.1/24 brd 127.0.0.255 scope global appl0'
END

stand_in nothing <<'END'
#!/bin/sh
exit 0
END
for tool in sleep scp rsync nc nvidia-smi ibdev2netdev curl wget kill ray; do
    ln -s nothing "$dir/bin/$tool"
done

case $1:$2 in
    solo:yes) options=--solo ;;
    solo:*) options='-n 127.0.0.1 --eth-if appl0 --ib-if appl0' ;;
    *) options='-n 127.0.0.1,127.0.0.2 --eth-if appl0 --ib-if appl0' ;;
esac

options="--name appliance-proof $options -d exec"
: >"$dir/argv"
(
    cd "$dir/launcher" || exit 1
    shift 2
    # shellcheck disable=SC2086 # options are words
    exec env -i HOME="$dir/home" TMPDIR="$dir/tmp" PATH="$dir/bin" LANG=C.UTF-8 LOCAL_IP=127.0.0.1 APPLIANCE_PROOF="$dir/argv" \
        "$limit" -k 2 10 ./launch-cluster.sh $options "$@"
) </dev/null >/dev/null 2>&1
cat "$dir/argv"
echo end
