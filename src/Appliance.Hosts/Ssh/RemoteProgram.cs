using System.Security.Cryptography;
using System.Text;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Hosts.Ssh;

/// <summary>
/// A command as it travels. The remote command line is a constant that every login shell (bash, fish, csh) understands; everything else goes to
/// <c>/bin/sh</c> over standard input, so no login shell ever sees a quoted word, and no argument length limit applies (F-08, 0.1 a, f).
/// </summary>
/// <param name="Marker">Printed first on both streams; what comes before it is a login banner.</param>
/// <param name="Input">The text for <c>/bin/sh -s</c>, UTF-8.</param>
internal sealed record RemoteProgram(string Marker, byte[] Input)
{
    /// <summary>The remote command line. It holds nothing that any shell could read in another way.</summary>
    public const string CommandLine = "exec /bin/sh -s";

    /// <summary>Builds the text; <see cref="ArgumentException"/> for words that cannot be sent.</summary>
    public static RemoteProgram Create(ShellCommand command)
    {
        var marker = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new RemoteProgram(marker, Encoding.UTF8.GetBytes($"printf '%s\\n' '{marker}'; printf '%s\\n' '{marker}' >&2\n{TextOf(command)}"));
    }

    /// <summary>The command as a program for <c>sh</c>; <see cref="ArgumentException"/> for words that cannot be sent.</summary>
    public static string TextOf(ShellCommand command)
    {
        if (command.Script is null && (command.Words.IsEmpty || command.Words[0].Length == 0 || command.Words[0][0] == '-'))
        {
            throw new ArgumentException("A command needs a program, and a program's name does not begin with a hyphen.", nameof(command));
        }

        return new StringBuilder()
            .Append($"set -- {ShellWords.Join(command.Words)}\n")
            // The shell runs a block only when it has read the closing brace: of a text that was cut on the way, nothing runs.
            .Append("{\n")
            .Append(ChangeDirectory(command.WorkingDirectory))
            .Append(command.Script?.Text ?? "exec \"$@\"")
            // Standard input still holds our own text: a program must not read that.
            .Append("\n} </dev/null\n")
            .ToString();
    }

    /// <summary>What a log may say of a command. Words may hold secrets (an environment value, a token): only the program's or script's name.</summary>
    public static string NameOf(ShellCommand command) => command.Script?.Name ?? command.Words[0];

    private static string ChangeDirectory(RemotePath? directory) => directory switch
    {
        null => "",
        { IsBelowHome: false } absolute => $"cd -- {ShellWords.Quote(absolute.Value)} || exit 1\n",
        { Rest: "" } => "cd -- \"$HOME\" || exit 1\n",
        { } belowHome => $"cd -- \"$HOME\"/{ShellWords.Quote(belowHome.Rest)} || exit 1\n",
    };
}
