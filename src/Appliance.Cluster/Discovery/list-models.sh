#!/bin/sh
# Lists the Hugging Face hub cache of this host in one go.
#   $1 = home: $2 is below the login user's home;  abs: $2 is absolute
#   $2 = the Hugging Face home; the hub cache is its folder "hub"
# Needs GNU find (-printf) and any awk. One find and one awk for the whole hub: the number of models costs no processes.
# Everything after the first line "appliance-models 1" is ours; see CacheListingReader.cs for the lines.
LC_ALL=C
export LC_ALL
case $1 in
home) base=$HOME/$2 ;;
abs) base=$2 ;;
*)
    echo "list-models: the first parameter is home or abs" >&2
    exit 2
    ;;
esac
echo "appliance-models 1"
if ! cd "${base%/}/hub" 2>/dev/null; then
    if [ -e "${base%/}/hub" ]; then
        echo "hub unreadable"
        exit 3
    fi
    echo "hub missing"
    echo "end 0"
    exit 0
fi
if ! find . -maxdepth 0 -printf '' 2>/dev/null; then
    echo "hub no-find"
    exit 4
fi
echo "hub present"
# -L resolves every link: a classic snapshot link, the links into the hub-level store, a model folder on another disk.
# A link that leads nowhere comes out as type l.
find -L . -maxdepth 9 '(' -path ./blobs -o -path './.*' -o -path './datasets--*' -o -path './spaces--*' ')' -prune \
    -o -path './models--*' -printf '%y %D:%i %s %T@ %p\n' 2>/dev/null |
    awk '
    # The text of a small file, line by line behind a bar, so that no line of it can be taken for one of ours.
    function show(file, size,    line, lines) {
        if (size > 65536) { print "config big"; return }
        print "config yes"
        RS = "\n"
        while (lines < 10000 && (getline line < file) > 0) { print "|" line; lines++ }
        close(file)
    }
    function first_line(file,    line) {
        RS = "\n"
        if ((getline line < file) <= 0) line = ""
        close(file)
        sub(/\r$/, "", line)
        return line
    }
    # The shards that an index names: with the quote as separator every JSON string is a record, however the file is laid out.
    function count_shards(folder, index_file,    word, seen) {
        total = 0; present = 0
        RS = "\""
        while ((getline word < index_file) > 0)
            if (word ~ /\.safetensors$/ && !(word in seen)) {
                seen[word] = 1
                total++
                if (full[folder "/" word]) present++
            }
        close(index_file)
        RS = "\n"
    }
    {
        type = $1; inode = $2; bytes = $3; stamp = $4
        path = substr($0, length(type) + length(inode) + length(bytes) + length(stamp) + 5)
        if (type !~ /^[a-zA-Z]$/ || path !~ /^\.\/models--/) next
        n = split(path, part, "/")
        model = part[2]
        if (model !~ /^models--[A-Za-z0-9._-]+$/) next
        if (!(model in known)) { known[model] = 1; order[++models] = model }
        if (type == "d") {
            if (n == 4 && part[3] == "snapshots") { changed[path] = stamp + 0; revisions[model]++; newest[model] = part[4] }
            next
        }
        if (type == "f" && !((model, inode) in counted)) { counted[model, inode] = 1; size[model] += bytes }
        if (path ~ /\.incomplete$/) { if (stamp + 0 > partial[model]) partial[model] = stamp + 0; next }
        if (part[3] != "snapshots" || n < 5) next
        folder = "./" model "/snapshots/" part[4]
        if (type != "f") { broken[folder]++; next }
        if (bytes + 0 > 0) full[path] = bytes
        # Weights without an index: what is there, and what a name like model-00002-of-00014 promises.
        if (n == 5 && bytes + 0 > 0 && part[5] ~ /\.(safetensors|bin|pt|pth|gguf)$/ && part[5] !~ /^(training_args|optimizer|scheduler)/) {
            weights[folder]++
            if (match(part[5], /-of-[0-9]+\./)) {
                promised[folder] = substr(part[5], RSTART + 4, RLENGTH - 5) + 0
                numbered[folder]++
            }
        }
    }
    END {
        for (i = 1; i <= models; i++) {
            model = order[i]
            print "model " model
            printf "size %.0f\n", size[model]
            main_ref = first_line("./" model "/refs/main")
            revision = main_ref
            if (revision == "" && revisions[model] == 1) revision = newest[model]
            print (main_ref == "" ? "ref no" : "ref yes")
            if (revision ~ /^[A-Za-z0-9._-]+$/ && revision !~ /^\./) {
                print "revision " revision
                folder = "./" model "/snapshots/" revision
                print ((folder in changed) ? "snapshot yes" : "snapshot no")
                if (partial[model] > changed[folder]) print "partial"
                if (broken[folder]) print "broken " broken[folder]
                index_file = folder "/model.safetensors.index.json"
                if (full[index_file]) {
                    count_shards(folder, index_file)
                    print "shards " present " " total
                } else if (promised[folder]) {
                    print "shards " numbered[folder] " " promised[folder]
                } else {
                    print "weights " weights[folder] + 0
                }
                config = folder "/config.json"
                if (full[config]) show(config, full[config])
                else print "config no"
            } else if (partial[model]) print "partial"
            print "done"
        }
        print "end " models + 0
    }'
